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
        select run_id, dag_id, dag_version, state, unfinished
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
    public Task PropagateAsync(
        Change change, IReadOnlyDictionary<long, RunRow> runs, IReadOnlyList<FinishedInstance> finished, string actor, CancellationToken cancellationToken) =>
        ContinueAsync(change, runs, finished, [], actor, cancellationToken);

    /// <summary>Decides everything undecided of runs whose counters are right: when they start, and after a person changed them. Closes those in which nothing is left.</summary>
    public async Task DecideAsync(NpgsqlTransaction transaction, IReadOnlyDictionary<long, RunRow> runs, string actor, CancellationToken cancellationToken)
    {
        if (runs.Count == 0)
            return;
        var change = new Change(transaction);
        var undecided = await change.QueryAsync<InstanceRow>(
            $"""
            select {InstanceRow.CountedColumns}
            from orchestration.task_instance t
            where t.run_id = any(@ids)
              and t.state = 'none'
            """,
            new { ids = runs.Keys.ToArray() }, cancellationToken);
        await ContinueAsync(change, runs, [], undecided, actor, cancellationToken);
        // Those of which nothing was undecided, so that nothing was counted above.
        var decided = runs.Keys.Except(undecided.Select(u => u.RunId)).ToDictionary(id => id, _ => 0);
        await CountFinishedAsync(change, runs, decided, actor, cancellationToken);
        await change.FlushAsync(cancellationToken);
    }

    private async Task ContinueAsync(
        Change change, IReadOnlyDictionary<long, RunRow> runs, IReadOnlyList<FinishedInstance> frontier, IReadOnlyList<InstanceRow> undecided, string actor,
        CancellationToken cancellationToken)
    {
        var toQueue = new Dictionary<long, InstanceRow>();
        var expanded = new HashSet<(long RunId, string TaskId)>();
        var finishedByRun = new Dictionary<long, int>();
        var deltas = new RunDeltas();
        while (frontier.Count > 0 || undecided.Count > 0 || !deltas.IsEmpty)
        {
            foreach (var one in frontier)
            {
                finishedByRun[one.RunId] = finishedByRun.GetValueOrDefault(one.RunId) + 1;
                deltas.Finish(await GraphAsync(runs[one.RunId], cancellationToken), one);
            }
            var next = await SkipByGatesAsync(change, runs, frontier, cancellationToken);
            var skipped = next.Select(n => n.TaskInstanceId).ToHashSet();
            var rows = undecided.ToDictionary(u => u.TaskInstanceId);
            foreach (var row in await CounterStatements.AddAsync(change, deltas, cancellationToken))
                rows[row.TaskInstanceId] = row;
            deltas = new RunDeltas();

            var decided = new List<FinishedInstance>();
            var toExpand = new HashSet<(long RunId, string TaskId)>();
            foreach (var row in rows.Values.Where(r => !skipped.Contains(r.TaskInstanceId)))
            {
                var graph = await GraphAsync(runs[row.RunId], cancellationToken);
                if (!graph.Contains(row.TaskId))
                    continue;
                var decision = Readiness.Decide(graph.Rule(row.TaskId), row.Counts, graph.IndexForRules(row.TaskId, row.MapIndex));
                if (decision == TriggerDecision.Run && graph.IsMapped(row.TaskId) && !expanded.Contains((row.RunId, row.TaskId)))
                    toExpand.Add((row.RunId, row.TaskId));
                else if (decision == TriggerDecision.Run)
                    toQueue[row.TaskInstanceId] = row;
                else if (decision != TriggerDecision.Wait)
                    decided.Add(new FinishedInstance(row.TaskInstanceId, row.RunId, row.TaskId, decision.StateWithoutRun(), IsBypassed: decision == TriggerDecision.Bypass));
            }
            // The list decides about all instances of its task; a surplus that the rules have removed already would be counted twice below.
            decided.RemoveAll(d => toExpand.Contains((d.RunId, d.TaskId)));
            foreach (var (runId, taskId) in toExpand)
            {
                var graph = await GraphAsync(runs[runId], cancellationToken);
                var outcome = await MapExpansion.ExpandAsync(change, graph, runs[runId], taskId, deltas, actor, cancellationToken);
                if (outcome.ToQueue.Count > 0)
                    expanded.Add((runId, taskId));
                foreach (var row in outcome.ToQueue)
                    toQueue[row.TaskInstanceId] = row;
                decided.AddRange(outcome.Finished);
                finishedByRun[runId] = finishedByRun.GetValueOrDefault(runId) - outcome.Created;
            }
            CounterStatements.SetDerived(change, decided);
            next.AddRange(decided);
            change.Log(next.Select(d => new EventRow("task_state", actor)
            {
                DagId = runs[d.RunId].DagId, RunId = d.RunId, TaskInstanceId = d.TaskInstanceId, TaskId = d.TaskId, Before = d.Before.ToWire(), After = d.State.ToWire(),
            }));
            (frontier, undecided) = (next, []);
        }
        Queue(change, runs, toQueue.Values, actor);
        await CountFinishedAsync(change, runs, finishedByRun, actor, cancellationToken);
    }

    /// <summary>Skips, before anything else is decided, what the branches and short circuits among the finished ones have closed.</summary>
    private async Task<List<FinishedInstance>> SkipByGatesAsync(
        Change change, IReadOnlyDictionary<long, RunRow> runs, IReadOnlyList<FinishedInstance> frontier, CancellationToken cancellationToken)
    {
        var tasks = new Dictionary<(long RunId, string TaskId), string>();
        foreach (var gate in frontier.Where(f => f is { Routing: not null, State: TaskState.Success }))
        {
            foreach (var taskId in (await GraphAsync(runs[gate.RunId], cancellationToken)).Gates.SkippedBy(gate.TaskId, gate.Routing))
                tasks.TryAdd((gate.RunId, taskId), gate.Routing!.Ports is null ? $"short circuit of '{gate.TaskId}'" : $"branch '{gate.TaskId}' went another way");
        }
        var skipped = new List<FinishedInstance>();
        foreach (var row in await CounterStatements.SkipAsync(change, [.. tasks.Select(t => (t.Key.RunId, t.Key.TaskId, t.Value))], cancellationToken))
        {
            var graph = await GraphAsync(runs[row.RunId], cancellationToken);
            skipped.Add(new FinishedInstance(row.TaskInstanceId, row.RunId, row.TaskId, TaskState.Skipped, IsBypassed: graph.Gates.CanBeBypassed(row.TaskId)));
        }
        return skipped;
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
                cause = null, message = null, progress = null, progress_message = null, is_derived = false, routing = null
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
        change.Queued(instances.Select(i => i.TaskInstanceId));
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
            var state = RunStateRule.Decide(graph, [.. instances[run.RunId].Select(i => (i.TaskId, StateNames.Parse<TaskState>(i.State)))]);
            if (state == RunState.Running)
                throw new InvalidOperationException($"Run {run.RunId} counts no unfinished instance but has one: the counter and the instances disagree.");
            change.Send(
                """
                update orchestration.dag_run
                set state = @state, ended_at = clock_timestamp(), updated_at = clock_timestamp()
                where run_id = @RunId and state in ('queued', 'running')
                """,
                new { run.RunId, state = state.ToWire() });
            Outbox.RunEnded(change, run, graph.Dag.Settings, state);
            change.Log(new EventRow("run_state", actor) { DagId = run.DagId, RunId = run.RunId, Before = run.State, After = state.ToWire() });
            // A run that never started (it was cancelled in the queue) says nothing about the DAG; and only a running one may touch its DAG's row without a deadlock.
            if (state == RunState.Failed && run.State == RunState.Running.ToWire() && graph.Dag.Settings.PauseAfterFailures is { } failures)
                FailureStreak.Pause(change, run, failures);
        }
        // Runs that waited under max_active_runs may start now, and tasks that waited for one of these may go on.
        change.QueueChanged();
        change.DueChanged();
    }

    public Task<RunGraph> GraphAsync(RunRow run, CancellationToken cancellationToken) => dags.GraphAsync(run.DagId, run.DagVersion, cancellationToken);

    private async Task CountFinishedAsync(
        Change change, IReadOnlyDictionary<long, RunRow> runs, Dictionary<long, int> finishedByRun, string actor, CancellationToken cancellationToken)
    {
        if (finishedByRun.Count == 0)
            return;
        change.RunsChanged(finishedByRun.Keys);
        change.Send(
            """
            update orchestration.dag_run r
            set unfinished = r.unfinished - done.instances, updated_at = clock_timestamp()
            from unnest(@RunIds, @Counts) as done (run_id, instances)
            where r.run_id = done.run_id
            """,
            new { RunIds = finishedByRun.Keys.ToArray(), Counts = finishedByRun.Values.ToArray() });
        // The rows are locked: what they counted then, less what has finished now, is what they count.
        var unfinished = finishedByRun.Keys.All(id => runs[id].Unfinished is not null)
            ? finishedByRun.ToDictionary(f => f.Key, f => runs[f.Key].Unfinished!.Value - f.Value)
            : (await change.QueryAsync<(long RunId, int Unfinished)>(
                "select run_id, unfinished from orchestration.dag_run where run_id = any(@ids)", new { ids = finishedByRun.Keys.ToArray() }, cancellationToken))
                .ToDictionary(r => r.RunId, r => r.Unfinished);
        var closable = unfinished.Where(u => u.Value == 0).Select(u => u.Key).ToList();
        await CloseFinishedRunsAsync(change, runs, closable, actor, cancellationToken);
    }
}
