namespace EcomWorkflows.Orchestration.Planning;

/// <summary>Says why something is not running; semantics, section 10. The checks come in the order in which the orchestrator makes them.</summary>
public static class WaitReasons
{
    private const int Named = 5;

    /// <summary>Why a run has not started; empty for one that has.</summary>
    public static IReadOnlyList<WaitReason> OfRun(WaitingRun run)
    {
        if (run.State != RunState.Queued)
            return [];
        var reasons = new List<WaitReason>();
        if (run.IsDagPaused)
            reasons.Add(new(WaitKind.PausedDag, $"DAG {run.Graph.Dag.DagId} is paused."));
        if (run.IsBackfillPaused)
            reasons.Add(new(WaitKind.PausedBackfill, "Its backfill is paused."));
        if (run.ActiveRuns >= run.Graph.Dag.Settings.MaxActiveRuns)
        {
            reasons.Add(new(WaitKind.MaxActiveRuns, $"{run.ActiveRuns} runs of the DAG are active, and its cap is {run.Graph.Dag.Settings.MaxActiveRuns}.")
            {
                Limit = run.Graph.Dag.Settings.MaxActiveRuns,
            });
        }
        if (run.LiveNodes == 0)
            reasons.Add(NoLiveNode);
        return reasons.Count > 0 ? reasons : [new(WaitKind.Turn, "It starts within moments.")];
    }

    /// <summary>Why an instance is not running; empty for one that runs or has finished.</summary>
    public static IReadOnlyList<WaitReason> OfInstance(WaitingRun run, WaitingInstance instance)
    {
        if (instance.State.IsFinished() || instance.State is TaskState.Running or TaskState.Restarting || run.State is RunState.Success or RunState.Failed)
            return [];
        if (run.State == RunState.Queued)
            return [new(WaitKind.Run, $"Run {run.RunKey} has not started."), .. OfRun(run)];
        return instance.State switch
        {
            TaskState.None or TaskState.Scheduled => Undecided(run, instance),
            TaskState.Queued => Queued(run, instance),
            TaskState.UpForRetry => [new(WaitKind.Retry, $"Its next try is due at {Time(instance.NotBefore)}.") { At = instance.NotBefore }],
            TaskState.UpForReschedule => [new(WaitKind.Recheck, $"Its next check is due at {Time(instance.NotBefore)}.") { At = instance.NotBefore }],
            TaskState.Deferred => [new(WaitKind.Event, $"It waits for the event '{instance.EventKey}'{(instance.NotBefore is null ? "" : $", until {Time(instance.NotBefore)}")}.") { At = instance.NotBefore }],
            _ => [Approval(instance)],
        };
    }

    private static WaitReason NoLiveNode => new(WaitKind.NoLiveNode, "No node is alive that could run it. Start one: ./ecom serve");

    private static IReadOnlyList<WaitReason> Undecided(WaitingRun run, WaitingInstance instance)
    {
        var open = run.OpenBefore(instance.Key.TaskId);
        return open.Count == 0
            ? [new(WaitKind.Turn, "It is decided within moments.")]
            : [new(WaitKind.Upstreams, $"Waits for {Names(open)}.") { Tasks = open }];
    }

    private static List<WaitReason> Queued(WaitingRun run, WaitingInstance instance)
    {
        var reasons = new List<WaitReason>();
        if (run.IsDagPaused)
            reasons.Add(new(WaitKind.PausedDag, $"DAG {run.Graph.Dag.DagId} is paused."));
        if (instance.PastRunKey is { } past)
            reasons.Add(new(WaitKind.PastRun, $"Waits for '{instance.Key.TaskId}' of the run before, {past}.") { Tasks = [instance.Key.TaskId] });
        if (run.LiveNodes == 0)
            reasons.Add(NoLiveNode);
        reasons.AddRange(Limits(run, instance));
        return reasons.Count > 0 ? reasons : [new(WaitKind.Turn, "It starts as soon as a node has a free place.") { Pool = instance.Pool }];
    }

    private static IEnumerable<WaitReason> Limits(WaitingRun run, WaitingInstance instance)
    {
        var use = new QueueUse(run.Pools, run.Running.Select(r => r.Instance));
        if (use.Slots(instance.Pool) is not { } slots)
        {
            yield return new(WaitKind.ImpossiblePool, $"There is no pool '{instance.Pool}'. Make it: ./ecom pools set {instance.Pool} SLOTS") { Pool = instance.Pool };
            yield break;
        }
        if (instance.PoolSlots > slots)
            yield return new(WaitKind.ImpossiblePool, $"It takes {instance.PoolSlots} slots and pool '{instance.Pool}' has {slots}.") { Pool = instance.Pool, Limit = slots };
        else if (instance.PoolSlots > use.Open(instance.Pool))
            yield return PoolIsFull(run, instance, slots, use);
        var (dag, task) = (run.Graph.Dag.DagId, instance.Key.TaskId);
        var caps = QueueCaps.Of(run.Graph, task);
        if (use.OfDag(dag) >= caps.OfDag)
            yield return Cap(run, $"Of DAG {dag} {caps.OfDag} tasks may run at once over all runs.", caps.OfDag, r => r.DagId == dag);
        if (use.OfRun(run.RunId) >= caps.OfRun)
            yield return Cap(run, $"Of one run of DAG {dag} {caps.OfRun} tasks may run at once.", caps.OfRun, r => r.RunId == run.RunId);
        if (use.OfTask(dag, task) >= caps.OfTask)
            yield return Cap(run, $"Of task '{task}' {caps.OfTask} instances may run at once over all runs.", caps.OfTask, r => r.DagId == dag && r.TaskId == task);
        if (use.OfTaskInRun(run.RunId, task) >= caps.OfTaskInRun)
            yield return Cap(run, $"Of task '{task}' {caps.OfTaskInRun} instances may run at once in one run.", caps.OfTaskInRun, r => r.RunId == run.RunId && r.TaskId == task);
    }

    private static WaitReason PoolIsFull(WaitingRun run, WaitingInstance instance, int slots, QueueUse use)
    {
        var holders = run.Running.Where(r => r.Instance.Pool == instance.Pool).Select(r => r.Holder).ToList();
        return new(
            WaitKind.Pool,
            $"It needs {instance.PoolSlots} of the {slots} slots of pool '{instance.Pool}', and {Math.Max(use.Open(instance.Pool) ?? 0, 0)} are open; held by {Names([.. holders.Select(h => $"{h.DagId}/{h.RunKey}/{h.TaskId}")])}.")
        {
            Pool = instance.Pool, Limit = slots, Holders = holders,
        };
    }

    private static WaitReason Cap(WaitingRun run, string message, int? limit, Func<RunningInstance, bool> counts) =>
        new(WaitKind.Concurrency, message) { Limit = limit, Holders = [.. run.Running.Where(r => counts(r.Instance)).Select(r => r.Holder)] };

    private static WaitReason Approval(WaitingInstance instance) =>
        new(
            WaitKind.Approval,
            $"Waits for an answer{(instance.Question is { } question ? $" to '{question}'" : "")} from {(instance.Assignees is { Count: > 0 } people ? string.Join(" or ", people) : "anybody who may operate")}{(instance.NotBefore is null ? "" : $", until {Time(instance.NotBefore)}")}.")
        {
            People = instance.Assignees ?? [], At = instance.NotBefore,
        };

    private static string Names(IReadOnlyList<string> names) =>
        names.Count <= Named ? string.Join(", ", names) : $"{string.Join(", ", names.Take(Named))} and {names.Count - Named} more";

    private static string Time(DateTimeOffset? at) => at is { } time ? $"{time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC" : "an unknown time";
}
