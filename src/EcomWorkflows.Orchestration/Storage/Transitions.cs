using Dapper;
using EcomWorkflows.Orchestration.Planning;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>
/// The state changes every use case shares, inside a transaction the caller owns and for runs the caller has locked:
/// telling downstreams, queueing what became decidable, closing runs.
/// </summary>
internal sealed class Transitions(DagStore dags)
{
    internal const string LockRuns =
        """
        select run_id, dag_id, dag_version, state
        from orchestration.dag_run
        where run_id = any(@runIds)
        order by run_id
        for update
        """;

    /// <summary>Locks runs, lowest id first; each transition of a run starts here, so two of them never deadlock.</summary>
    public static async Task<Dictionary<long, RunRow>> LockRunsAsync(
        NpgsqlTransaction transaction, IEnumerable<long> runIds, CancellationToken cancellationToken) =>
        (await transaction.Connection!.QueryAsync<RunRow>(new CommandDefinition(
            LockRuns, LockParameters(runIds), transaction, cancellationToken: cancellationToken)))
        .ToDictionary(r => r.RunId);

    internal static object LockParameters(IEnumerable<long> runIds) => new { runIds = runIds.Distinct().ToArray() };

    /// <summary>
    /// Follows outcomes as far as they decide anything: counts them at the direct downstreams, queues or finishes those that are decidable now, and so on.
    /// Costs grow with the out-degree, not with the size of the DAG.
    /// </summary>
    public async Task PropagateAsync(
        Change change, IReadOnlyDictionary<long, RunRow> runs, IReadOnlyList<FinishedInstance> finished, string actor, CancellationToken cancellationToken)
    {
        var toQueue = new List<InstanceRow>();
        var finishedByRun = new Dictionary<long, int>();
        var frontier = finished;
        while (frontier.Count > 0)
        {
            foreach (var one in frontier)
                finishedByRun[one.RunId] = finishedByRun.GetValueOrDefault(one.RunId) + 1;
            var touched = await CountAtDownstreamsAsync(change, runs, frontier, cancellationToken);
            var decided = new List<FinishedInstance>();
            foreach (var row in touched.Where(t => t.TaskState == TaskState.None))
            {
                var graph = await GraphAsync(runs[row.RunId], cancellationToken);
                switch (TriggerRules.Decide(graph.Task(row.TaskId).Settings.TriggerRule, row.Counts))
                {
                    case TriggerDecision.Run:
                        toQueue.Add(row);
                        break;
                    case TriggerDecision.Skip:
                        decided.Add(new FinishedInstance(row.TaskInstanceId, row.RunId, row.TaskId, TaskState.Skipped));
                        break;
                    case TriggerDecision.FailUpstream:
                        decided.Add(new FinishedInstance(row.TaskInstanceId, row.RunId, row.TaskId, TaskState.UpstreamFailed));
                        break;
                }
            }
            SetDerived(change, decided);
            change.Log(decided.Select(d => new EventRow("task_state", actor)
            {
                DagId = runs[d.RunId].DagId,
                RunId = d.RunId,
                TaskInstanceId = d.TaskInstanceId,
                TaskId = d.TaskId,
                Before = TaskState.None.ToWire(),
                After = d.State.ToWire(),
            }));
            frontier = decided;
        }
        Queue(change, runs, toQueue, actor);
        await CountFinishedAsync(change, runs, finishedByRun, actor, cancellationToken);
    }

    /// <summary>As <see cref="Queue"/>, at once.</summary>
    public static Task QueueAsync(
        NpgsqlTransaction transaction, IReadOnlyDictionary<long, RunRow> runs, IReadOnlyCollection<InstanceRow> instances, string actor, CancellationToken cancellationToken)
    {
        var change = new Change(transaction);
        Queue(change, runs, instances, actor);
        return change.FlushAsync(cancellationToken);
    }

    /// <summary>Puts undecided or waiting instances into the queue: as a new try, or as the same one where an attempt waited.</summary>
    public static void Queue(Change change, IReadOnlyDictionary<long, RunRow> runs, IReadOnlyCollection<InstanceRow> instances, string actor)
    {
        if (instances.Count == 0)
            return;
        change.Send(
            """
            update orchestration.task_instance t
            set state = 'queued', queued_at = now(), queue_date = r.logical_date, passed_over = 0, not_before = null, event_key = null,
                try_number = t.try_number + case when t.state in ('up_for_reschedule', 'deferred', 'awaiting_input') then 0 else 1 end,
                started_at = case when t.state in ('up_for_reschedule', 'deferred', 'awaiting_input') then t.started_at end, ended_at = null,
                cause = null, message = null, progress = null, progress_message = null, is_derived = false
            from orchestration.dag_run r
            where t.task_instance_id = any(@ids)
              and r.run_id = t.run_id
            """,
            new { ids = instances.Select(i => i.TaskInstanceId).ToArray() });
        change.Log(instances.Select(i => new EventRow("task_state", actor)
        {
            DagId = runs[i.RunId].DagId,
            RunId = i.RunId,
            TaskInstanceId = i.TaskInstanceId,
            TaskId = i.TaskId,
            Before = i.State,
            After = TaskState.Queued.ToWire(),
        }));
        change.QueueChanged();
    }

    /// <summary>As <see cref="CloseFinishedRunsAsync(Change, IReadOnlyDictionary{long, RunRow}, IReadOnlyCollection{long}, string, CancellationToken)"/>, at once.</summary>
    public async Task CloseFinishedRunsAsync(
        NpgsqlTransaction transaction, IReadOnlyDictionary<long, RunRow> runs, IReadOnlyCollection<long> runIds, string actor, CancellationToken cancellationToken)
    {
        var change = new Change(transaction);
        await CloseFinishedRunsAsync(change, runs, runIds, actor, cancellationToken);
        await change.FlushAsync(cancellationToken);
    }

    /// <summary>Closes runs that have nothing unfinished left; their state is the pure function of their instances' states.</summary>
    public async Task CloseFinishedRunsAsync(
        Change change, IReadOnlyDictionary<long, RunRow> runs, IReadOnlyCollection<long> runIds, string actor, CancellationToken cancellationToken)
    {
        if (runIds.Count == 0)
            return;
        var instances = (await change.QueryAsync<(long RunId, string TaskId, string State)>(
            "select run_id, task_id, state from orchestration.task_instance where run_id = any(@ids)", new { ids = runIds.ToArray() }, cancellationToken))
            .ToLookup(i => i.RunId);
        foreach (var run in runIds.Select(id => runs[id]))
        {
            var graph = await GraphAsync(run, cancellationToken);
            var state = RunStateRule.Decide(
                instances[run.RunId].Select(i => (StateNames.Parse<TaskState>(i.State), graph.IsLeaf(i.TaskId))), graph.Dag.Settings.FailIfAnyFailed);
            if (state == RunState.Running)
                throw new InvalidOperationException($"Run {run.RunId} counts no unfinished instance but has one: the counter and the instances disagree.");
            change.Send(
                """
                update orchestration.dag_run
                set state = @state, ended_at = clock_timestamp(), updated_at = clock_timestamp()
                where run_id = @RunId and state in ('queued', 'running')
                """,
                new { run.RunId, state = state.ToWire() });
            change.Log(new EventRow("run_state", actor) { DagId = run.DagId, RunId = run.RunId, Before = run.State, After = state.ToWire() });
        }
        // Runs that waited under max_active_runs may start now, and tasks that waited for one of these may go on.
        change.QueueChanged();
        change.DueChanged();
    }

    public Task<RunGraph> GraphAsync(RunRow run, CancellationToken cancellationToken) => dags.GraphAsync(run.DagId, run.DagVersion, cancellationToken);

    private async Task<IReadOnlyList<InstanceRow>> CountAtDownstreamsAsync(
        Change change, IReadOnlyDictionary<long, RunRow> runs, IReadOnlyList<FinishedInstance> frontier, CancellationToken cancellationToken)
    {
        var deltas = new Dictionary<(long RunId, string TaskId), UpstreamCounts>();
        foreach (var one in frontier)
        {
            foreach (var downstream in (await GraphAsync(runs[one.RunId], cancellationToken)).Downstream(one.TaskId))
                deltas[(one.RunId, downstream)] = deltas.GetValueOrDefault((one.RunId, downstream)).With(one.State);
        }
        if (deltas.Count == 0)
            return [];
        return await change.QueryAsync<InstanceRow>(
            """
            update orchestration.task_instance t
            set upstream_success = t.upstream_success + delta.success,
                upstream_skipped = t.upstream_skipped + delta.skipped,
                upstream_failed = t.upstream_failed + delta.failed,
                upstream_blocked = t.upstream_blocked + delta.blocked,
                upstream_removed = t.upstream_removed + delta.removed
            from unnest(@RunIds, @TaskIds, @Success, @Skipped, @Failed, @Blocked, @Removed)
              as delta (run_id, task_id, success, skipped, failed, blocked, removed)
            where t.run_id = delta.run_id
              and t.task_id = delta.task_id
            returning t.task_instance_id, t.run_id, t.task_id, t.state, t.is_derived, t.upstream_total, t.upstream_success, t.upstream_skipped,
                      t.upstream_failed, t.upstream_blocked, t.upstream_removed
            """,
            new
            {
                RunIds = deltas.Keys.Select(k => k.RunId).ToArray(),
                TaskIds = deltas.Keys.Select(k => k.TaskId).ToArray(),
                Success = deltas.Values.Select(d => d.Success).ToArray(),
                Skipped = deltas.Values.Select(d => d.Skipped).ToArray(),
                Failed = deltas.Values.Select(d => d.Failed).ToArray(),
                Blocked = deltas.Values.Select(d => d.UpstreamFailed).ToArray(),
                Removed = deltas.Values.Select(d => d.Removed).ToArray(),
            },
            cancellationToken);
    }

    private static void SetDerived(Change change, List<FinishedInstance> decided)
    {
        if (decided.Count == 0)
            return;
        change.Send(
            """
            update orchestration.task_instance t
            set state = decided.state, is_derived = true, ended_at = now()
            from unnest(@Ids, @States) as decided (task_instance_id, state)
            where t.task_instance_id = decided.task_instance_id
            """,
            new { Ids = decided.Select(d => d.TaskInstanceId).ToArray(), States = decided.Select(d => d.State.ToWire()).ToArray() });
    }

    private async Task CountFinishedAsync(
        Change change, IReadOnlyDictionary<long, RunRow> runs, Dictionary<long, int> finishedByRun, string actor, CancellationToken cancellationToken)
    {
        if (finishedByRun.Count == 0)
            return;
        change.RunsChanged(finishedByRun.Keys);
        var closable = await change.QueryAndSendEventsAsync<long>(
            """
            with counted as (
              update orchestration.dag_run r
              set unfinished = r.unfinished - done.instances, updated_at = clock_timestamp()
              from unnest(@RunIds, @Counts) as done (run_id, instances)
              where r.run_id = done.run_id
              returning r.run_id, r.unfinished
            )
            select run_id
            from counted
            where unfinished = 0
            """,
            new { RunIds = finishedByRun.Keys.ToArray(), Counts = finishedByRun.Values.ToArray() }, cancellationToken);
        await CloseFinishedRunsAsync(change, runs, closable, actor, cancellationToken);
    }
}
