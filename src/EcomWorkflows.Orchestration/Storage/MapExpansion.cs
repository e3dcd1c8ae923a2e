using System.Text.Json;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Brings the instances of a mapped task that is about to run in line with its list: creates, removes and brings back instances.</summary>
internal static class MapExpansion
{
    /// <param name="deltas">Takes up what changes for the tasks below, except for the instances returned as finished.</param>
    /// <returns>The instances to queue, those that have finished without running, and how many unfinished ones have come into being.</returns>
    public static async Task<(IReadOnlyList<InstanceRow> ToQueue, IReadOnlyList<FinishedInstance> Finished, int Created)> ExpandAsync(
        Change change, RunGraph graph, RunRow run, string taskId, RunDeltas deltas, string actor, CancellationToken cancellationToken)
    {
        var rows = await RowsAsync(change, run.RunId, taskId, cancellationToken);
        var undecided = rows.Where(r => r.TaskState == TaskState.None).ToList();
        switch (await PlanAsync(change, run, graph.SourceOf(taskId)!, cancellationToken))
        {
            case MapPlan.Instances plan:
                return await FitAsync(change, graph, run, taskId, rows, plan.Items, deltas, actor, cancellationToken);
            case MapPlan.Empty plan:
                await Fencing.FenceAsync(change.Transaction, [rows[0]], cancellationToken);
                PutBack(change, rows[0]);
                var removed = await RemoveAsync(change, graph, run, [.. rows.Skip(1)], deltas, actor, cancellationToken);
                if (rows[0].TaskState != TaskState.None)
                {
                    Reopen(change, run, [rows[0]], actor);
                    deltas.Move(graph, run.RunId, taskId, rows[0].TaskState, TaskState.None);
                }
                return ([], [.. removed, Finished(rows[0], TaskState.Skipped, plan.Message)], rows[0].TaskState.IsFinished() ? 1 : 0);
            case MapPlan.None plan:
                return ([], [.. undecided.Select(r => Finished(r, plan.State, plan.Message))], 0);
            default:
                return ([], [], 0);
        }
    }

    private static async Task<MapPlan> PlanAsync(Change change, RunRow run, MapSource source, CancellationToken cancellationToken)
    {
        if (source.TaskId is null)
        {
            return MapRules.OverParam(source, Json((await change.QueryAsync<(long RunId, string? Value)>(
                "select run_id, (params -> @Name)::text from orchestration.dag_run where run_id = @RunId", new { source.Name, run.RunId }, cancellationToken)).Single().Value));
        }
        var instances = await change.QueryAsync<(int MapIndex, string State, string? Value)>(
            """
            select t.map_index, t.state, case when t.state = 'success' then (a.outputs -> @Name)::text end
            from orchestration.task_instance t
            left join orchestration.task_attempt a on a.attempt_id = t.attempt_id
            where t.run_id = @RunId
              and t.task_id = @TaskId
            order by t.map_index
            """,
            new { source.Name, run.RunId, source.TaskId }, cancellationToken);
        return MapRules.OverOutput(source, [.. instances.Select(i => (i.MapIndex, StateNames.Parse<TaskState>(i.State), Json(i.Value)))]);
    }

    /// <summary>The task's instances in index order.</summary>
    private static Task<List<InstanceRow>> RowsAsync(Change change, long runId, string taskId, CancellationToken cancellationToken) =>
        change.QueryAsync<InstanceRow>(
            """
            select task_instance_id, run_id, task_id, map_index, state, is_derived, attempt_id
            from orchestration.task_instance
            where run_id = @runId
              and task_id = @taskId
            order by map_index
            """,
            new { runId, taskId }, cancellationToken);

    private static async Task<(IReadOnlyList<InstanceRow> ToQueue, IReadOnlyList<FinishedInstance> Finished, int Created)> FitAsync(
        Change change, RunGraph graph, RunRow run, string taskId, List<InstanceRow> rows, IReadOnlyList<JsonElement> items, RunDeltas deltas,
        string actor, CancellationToken cancellationToken)
    {
        var surplus = rows.Where(r => r.MapIndex >= items.Count && r.TaskState != TaskState.Removed).ToList();
        var back = rows.Where(r => r.MapIndex < items.Count && r.TaskState == TaskState.Removed).ToList();
        var removed = await RemoveAsync(change, graph, run, surplus, deltas, actor, cancellationToken);
        Reopen(change, run, back, actor);
        foreach (var row in back)
            deltas.Move(graph, run.RunId, taskId, TaskState.Removed, TaskState.None);
        var added = await WriteItemsAsync(change, rows[0], items, cancellationToken);
        if (added.Count > 0)
            deltas.Grow(graph, run.RunId, taskId, added.Count);
        var waiting = rows.Where(r => r.TaskState == TaskState.None && r.MapIndex < items.Count).Select(r => r with { MapIndex = Math.Max(r.MapIndex, 0) });
        return ([.. waiting, .. back.Select(r => r with { State = TaskState.None.ToWire() }), .. added], removed, added.Count + back.Count);
    }

    /// <summary>Writes each element to its instance; the instance that stood for the whole task becomes the first, missing ones are made like it.</summary>
    /// <returns>The new instances.</returns>
    private static Task<List<InstanceRow>> WriteItemsAsync(Change change, InstanceRow first, IReadOnlyList<JsonElement> items, CancellationToken cancellationToken)
    {
        var indices = Enumerable.Range(0, items.Count).ToArray();
        var values = items.Select(i => i.GetRawText()).ToArray();
        change.Send(
            "update orchestration.task_instance set map_index = 0 where task_instance_id = @TaskInstanceId and map_index = -1", new { first.TaskInstanceId });
        change.Send(
            """
            update orchestration.task_instance t
            set map_item = item.value::jsonb
            from unnest(@indices, @values) as item (map_index, value)
            where t.run_id = @RunId
              and t.task_id = @TaskId
              and t.map_index = item.map_index
            """,
            new { indices, values, first.RunId, first.TaskId });
        return change.QueryAsync<InstanceRow>(
            """
            insert into orchestration.task_instance as t
              (run_id, dag_id, task_id, map_index, map_item, pool, pool_slots, priority_weight, depends_on_past,
               upstream_total, upstream_success, upstream_skipped, upstream_failed, upstream_blocked, upstream_removed, upstream_bypassed,
               open_gates, setup_total, setup_success, setup_skipped, setup_failed, setup_removed)
            select f.run_id, f.dag_id, f.task_id, item.map_index, item.value::jsonb, f.pool, f.pool_slots, f.priority_weight, f.depends_on_past,
                   f.upstream_total, f.upstream_success, f.upstream_skipped, f.upstream_failed, f.upstream_blocked, f.upstream_removed, f.upstream_bypassed,
                   f.open_gates, f.setup_total, f.setup_success, f.setup_skipped, f.setup_failed, f.setup_removed
            from unnest(@indices, @values) as item (map_index, value)
            join orchestration.task_instance f on f.task_instance_id = @TaskInstanceId
            order by item.map_index
            on conflict (run_id, task_id, map_index) do nothing
            returning t.task_instance_id, t.run_id, t.task_id, t.map_index, t.state
            """,
            new { indices, values, first.TaskInstanceId }, cancellationToken);
    }

    /// <summary>The surplus instances become removed; a running one is taken away from its node.</summary>
    private static async Task<List<FinishedInstance>> RemoveAsync(
        Change change, RunGraph graph, RunRow run, IReadOnlyList<InstanceRow> surplus, RunDeltas deltas, string actor, CancellationToken cancellationToken)
    {
        const string Message = "the list has fewer elements now";
        var rows = surplus.Where(r => r.TaskState != TaskState.Removed).ToList();
        if (rows.Count == 0)
            return [];
        await Fencing.FenceAsync(change.Transaction, rows, cancellationToken);
        foreach (var row in rows.Where(r => r.TaskState.IsFinished()))
            deltas.Move(graph, run.RunId, row.TaskId, row.TaskState, TaskState.Removed);
        change.Send(
            """
            update orchestration.task_instance
            set state = 'removed', is_derived = true, message = @Message, cause = null, not_before = null, event_key = null, ended_at = coalesce(ended_at, clock_timestamp())
            where task_instance_id = any(@ids)
            """,
            new { ids = rows.Select(r => r.TaskInstanceId).ToArray(), Message });
        change.Log(rows.Where(r => r.TaskState.IsFinished()).Select(r => Moved(run, r, TaskState.Removed, actor)));
        return [.. rows.Where(r => !r.TaskState.IsFinished()).Select(r => Finished(r, TaskState.Removed, Message))];
    }

    private static void Reopen(Change change, RunRow run, IReadOnlyList<InstanceRow> rows, string actor)
    {
        if (rows.Count == 0)
            return;
        change.Log(rows.Select(r => Moved(run, r, TaskState.None, actor)));
        change.Send(
            """
            update orchestration.task_instance
            set state = 'none', is_derived = false, message = null, cause = null, not_before = null, event_key = null, ended_at = null, user_tries = 0, infra_tries = 0
            where task_instance_id = any(@ids)
            """,
            new { ids = rows.Select(r => r.TaskInstanceId).ToArray() });
    }

    /// <summary>The first instance stands for the whole task again.</summary>
    private static void PutBack(Change change, InstanceRow first) => change.Send(
        "update orchestration.task_instance set map_index = -1, map_item = null where task_instance_id = @TaskInstanceId", new { first.TaskInstanceId });

    private static FinishedInstance Finished(InstanceRow row, TaskState state, string message) =>
        new(row.TaskInstanceId, row.RunId, row.TaskId, state, Before: state == TaskState.Removed ? row.TaskState : TaskState.None, Message: message);

    private static EventRow Moved(RunRow run, InstanceRow row, TaskState after, string actor) => new("task_state", actor)
    {
        DagId = run.DagId, RunId = run.RunId, TaskInstanceId = row.TaskInstanceId, TaskId = row.TaskId, Before = row.State, After = after.ToWire(),
    };

    private static JsonElement? Json(string? text) => text is null ? null : JsonSerializer.Deserialize<JsonElement>(text);
}
