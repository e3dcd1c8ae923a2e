using Dapper;
using EcomWorkflows.Orchestration.Planning;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Brings a locked run to another version of its DAG; what its instances count is set right by the edit that follows.</summary>
internal static class RunVersions
{
    /// <returns>The tasks the version adds to the run and those it does not have any more.</returns>
    public static async Task<(IReadOnlyList<string> Added, IReadOnlyList<string> Dropped)> MoveAsync(
        NpgsqlTransaction transaction, RunEdit edit, RunGraph graph, int version, string actor, CancellationToken cancellationToken)
    {
        var known = edit.Rows.Keys.Select(k => k.TaskId).ToHashSet(StringComparer.Ordinal);
        var added = graph.TopologicalOrder.Where(t => !known.Contains(t)).ToList();
        var dropped = edit.Rows.Where(r => !graph.Contains(r.Key.TaskId) && r.Value.TaskState != TaskState.Removed).Select(r => r.Value).ToList();
        // A task that an earlier move removed and this version has again; surplus instances of a mapping are removed by rule and stay so.
        var back = edit.Rows.Where(r => graph.Contains(r.Key.TaskId) && r.Value is { TaskState: TaskState.Removed, IsDerived: false }).Select(r => r.Value).ToList();
        await Fencing.FenceAsync(transaction, dropped, cancellationToken);
        await SetStateAsync(transaction, dropped, TaskState.Removed, $"version {version} of the DAG has no such task", cancellationToken);
        await SetStateAsync(transaction, back, TaskState.None, null, cancellationToken);
        await InsertAsync(transaction, edit.Run, graph, added, cancellationToken);
        await UpdateSettingsAsync(transaction, edit.Run, graph, cancellationToken);
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "update orchestration.dag_run set dag_version = @version where run_id = @RunId", new { version, edit.Run.RunId }, transaction, cancellationToken: cancellationToken));
        await EventLog.WriteAsync(
            transaction,
            [
                new EventRow("run_version", actor) { DagId = edit.Run.DagId, RunId = edit.Run.RunId, Before = $"{edit.Run.DagVersion}", After = $"{version}" },
                .. dropped.Select(d => new EventRow("task_state", actor)
                {
                    DagId = edit.Run.DagId, RunId = edit.Run.RunId, TaskInstanceId = d.TaskInstanceId, TaskId = d.TaskId, Before = d.State, After = TaskState.Removed.ToWire(),
                }),
            ],
            cancellationToken);
        return (added.Concat(back.Select(b => b.TaskId)).Distinct().ToList(), dropped.Select(d => d.TaskId).Distinct().ToList());
    }

    private static Task SetStateAsync(NpgsqlTransaction transaction, List<InstanceRow> rows, TaskState state, string? message, CancellationToken cancellationToken) =>
        rows.Count == 0 ? Task.CompletedTask : transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update orchestration.task_instance
            set state = @state, message = @message, is_derived = false, not_before = null, event_key = null,
                ended_at = case when @state = 'removed' then coalesce(ended_at, clock_timestamp()) end
            where task_instance_id = any(@ids)
            """,
            new { state = state.ToWire(), message, ids = rows.Select(r => r.TaskInstanceId).ToArray() }, transaction, cancellationToken: cancellationToken));

    private static Task InsertAsync(NpgsqlTransaction transaction, RunRow run, RunGraph graph, List<string> tasks, CancellationToken cancellationToken) =>
        tasks.Count == 0 ? Task.CompletedTask : transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into orchestration.task_instance (run_id, dag_id, task_id, upstream_total, pool, pool_slots, priority_weight)
            select @RunId, @DagId, task_id, upstream_total, 'default_pool', 1, 1
            from unnest(@tasks, @totals) as task (task_id, upstream_total)
            """,
            new { run.RunId, run.DagId, tasks = tasks.ToArray(), totals = tasks.Select(t => graph.Upstream(t).Count).ToArray() },
            transaction, cancellationToken: cancellationToken));

    private static Task UpdateSettingsAsync(NpgsqlTransaction transaction, RunRow run, RunGraph graph, CancellationToken cancellationToken)
    {
        var tasks = graph.TopologicalOrder.Select(graph.Task).ToList();
        return transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update orchestration.task_instance t
            set pool = task.pool, pool_slots = task.slots, priority_weight = task.weight, depends_on_past = task.depends_on_past
            from unnest(@Ids, @Pools, @Slots, @Weights, @DependsOnPast) as task (task_id, pool, slots, weight, depends_on_past)
            where t.run_id = @RunId
              and t.task_id = task.task_id
            """,
            new
            {
                run.RunId,
                Ids = tasks.Select(t => t.TaskId).ToArray(),
                Pools = tasks.Select(t => t.Settings.Pool).ToArray(),
                Slots = tasks.Select(t => t.Settings.PoolSlots).ToArray(),
                Weights = tasks.Select(t => PriorityWeights.Of(graph, t.TaskId)).ToArray(),
                DependsOnPast = tasks.Select(t => t.Settings.DependsOnPast).ToArray(),
            },
            transaction, cancellationToken: cancellationToken));
    }
}
