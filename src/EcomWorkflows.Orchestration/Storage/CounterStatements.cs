using EcomWorkflows.Orchestration.Planning;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Writes counters and derived states of task instances, many rows a statement.</summary>
internal static class CounterStatements
{
    /// <summary>Adds changes to the counters of tasks; all instances of a task count the same.</summary>
    /// <returns>The instances among them that are undecided, with what they count now.</returns>
    public static async Task<IReadOnlyList<InstanceRow>> AddAsync(Change change, RunDeltas deltas, CancellationToken cancellationToken)
    {
        if (deltas.IsEmpty)
            return [];
        var touched = new Dictionary<long, InstanceRow>();
        var counts = deltas.All.Where(d => d.Value with { OpenGates = 0, Setups = default } != default).ToList();
        foreach (var row in counts.Count == 0 ? [] : await AddUpstreamsAsync(change, counts, cancellationToken))
            touched[row.TaskInstanceId] = row;
        var rest = deltas.All.Where(d => d.Value.OpenGates != 0 || d.Value.Setups != default).ToList();
        foreach (var row in rest.Count == 0 ? [] : await AddGatesAndSetupsAsync(change, rest, cancellationToken))
            touched[row.TaskInstanceId] = row;
        return [.. touched.Values];
    }

    /// <summary>Sets the undecided instances of tasks a gate skips.</summary>
    public static async Task<IReadOnlyList<InstanceRow>> SkipAsync(
        Change change, IReadOnlyCollection<(long RunId, string TaskId, string Reason)> tasks, CancellationToken cancellationToken) =>
        tasks.Count == 0 ? [] : await change.QueryAsync<InstanceRow>(
            """
            update orchestration.task_instance t
            set state = 'skipped', is_derived = true, ended_at = now(), message = skipped.reason
            from unnest(@RunIds, @TaskIds, @Reasons) as skipped (run_id, task_id, reason)
            where t.run_id = skipped.run_id
              and t.task_id = skipped.task_id
              and t.state = 'none'
            returning t.task_instance_id, t.run_id, t.task_id, t.map_index, t.state
            """,
            new { RunIds = tasks.Select(t => t.RunId).ToArray(), TaskIds = tasks.Select(t => t.TaskId).ToArray(), Reasons = tasks.Select(t => t.Reason).ToArray() },
            cancellationToken);

    /// <summary>Writes states that rules have set.</summary>
    public static void SetDerived(Change change, IReadOnlyCollection<FinishedInstance> decided)
    {
        if (decided.Count == 0)
            return;
        change.Send(
            """
            update orchestration.task_instance t
            set state = decided.state, is_derived = true, ended_at = now(), message = decided.message,
                cause = case when decided.state = 'failed' then 'user_error' end
            from unnest(@Ids, @States, @Messages) as decided (task_instance_id, state, message)
            where t.task_instance_id = decided.task_instance_id
            """,
            new
            {
                Ids = decided.Select(d => d.TaskInstanceId).ToArray(),
                States = decided.Select(d => d.State.ToWire()).ToArray(),
                Messages = decided.Select(d => d.Message).ToArray(),
            });
    }

    private static Task<List<InstanceRow>> AddUpstreamsAsync(
        Change change, List<KeyValuePair<(long RunId, string TaskId), UpstreamCounts>> deltas, CancellationToken cancellationToken) =>
        change.QueryAsync<InstanceRow>(
            $"""
            with counted as (
              update orchestration.task_instance t
              set upstream_total = t.upstream_total + delta.total,
                  upstream_success = t.upstream_success + delta.success,
                  upstream_skipped = t.upstream_skipped + delta.skipped,
                  upstream_failed = t.upstream_failed + delta.failed,
                  upstream_blocked = t.upstream_blocked + delta.blocked,
                  upstream_removed = t.upstream_removed + delta.removed,
                  upstream_bypassed = t.upstream_bypassed + delta.bypassed
              from unnest(@RunIds, @TaskIds, @Total, @Success, @Skipped, @Failed, @Blocked, @Removed, @Bypassed)
                as delta (run_id, task_id, total, success, skipped, failed, blocked, removed, bypassed)
              where t.run_id = delta.run_id
                and t.task_id = delta.task_id
              returning {InstanceRow.CountedColumns}
            )
            select *
            from counted
            where state = 'none'
            """,
            new
            {
                RunIds = deltas.Select(d => d.Key.RunId).ToArray(),
                TaskIds = deltas.Select(d => d.Key.TaskId).ToArray(),
                Total = deltas.Select(d => d.Value.Total).ToArray(),
                Success = deltas.Select(d => d.Value.Success).ToArray(),
                Skipped = deltas.Select(d => d.Value.Skipped).ToArray(),
                Failed = deltas.Select(d => d.Value.Failed).ToArray(),
                Blocked = deltas.Select(d => d.Value.UpstreamFailed).ToArray(),
                Removed = deltas.Select(d => d.Value.Removed).ToArray(),
                Bypassed = deltas.Select(d => d.Value.Bypassed).ToArray(),
            },
            cancellationToken);

    private static Task<List<InstanceRow>> AddGatesAndSetupsAsync(
        Change change, List<KeyValuePair<(long RunId, string TaskId), UpstreamCounts>> deltas, CancellationToken cancellationToken) =>
        change.QueryAsync<InstanceRow>(
            $"""
            with counted as (
              update orchestration.task_instance t
              set open_gates = t.open_gates + delta.gates,
                  setup_total = t.setup_total + delta.total,
                  setup_success = t.setup_success + delta.success,
                  setup_skipped = t.setup_skipped + delta.skipped,
                  setup_failed = t.setup_failed + delta.failed,
                  setup_removed = t.setup_removed + delta.removed
              from unnest(@RunIds, @TaskIds, @Gates, @Total, @Success, @Skipped, @Failed, @Removed)
                as delta (run_id, task_id, gates, total, success, skipped, failed, removed)
              where t.run_id = delta.run_id
                and t.task_id = delta.task_id
              returning {InstanceRow.CountedColumns}
            )
            select *
            from counted
            where state = 'none'
            """,
            new
            {
                RunIds = deltas.Select(d => d.Key.RunId).ToArray(),
                TaskIds = deltas.Select(d => d.Key.TaskId).ToArray(),
                Gates = deltas.Select(d => d.Value.OpenGates).ToArray(),
                Total = deltas.Select(d => d.Value.Setups.Total).ToArray(),
                Success = deltas.Select(d => d.Value.Setups.Success).ToArray(),
                Skipped = deltas.Select(d => d.Value.Setups.Skipped).ToArray(),
                Failed = deltas.Select(d => d.Value.Setups.Failed).ToArray(),
                Removed = deltas.Select(d => d.Value.Setups.Removed).ToArray(),
            },
            cancellationToken);
}
