using System.Text.Json;
using Dapper;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>What people do to runs: clear (rerun) and cancel. Attempts, their logs and outputs are kept.</summary>
public sealed class RerunStore(NpgsqlDataSource database, DagStore dags)
{
    private readonly Transitions transitions = new(dags);

    /// <summary>
    /// Clears the selected instances so that they run again, gives them a new retry budget and derives anew what followed from them. A running one is fenced and
    /// tried again at once. A finished run is opened again as a new generation.
    /// </summary>
    /// <exception cref="NotFoundException">There is no such run.</exception>
    /// <exception cref="OrchestrationException">A named task does not exist.</exception>
    public async Task<ClearPreview> ClearAsync(long runId, ClearSelection selection, bool dryRun, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (run, graph, rows) = await OpenAsync(transaction, runId, cancellationToken);
        var facts = rows.ToDictionary(r => r.Key, r => r.Value.Facts);
        IReadOnlyList<InstanceKey> cleared;
        try
        {
            cleared = selection.Resolve(graph, facts);
        }
        catch (ArgumentException unknownTask)
        {
            throw new NotFoundException(unknownTask.Message);
        }
        foreach (var key in cleared)
            facts[key] = new InstanceFacts(TaskState.None, IsDerived: false);
        var derived = Derivation.Recompute(graph, facts);
        var rederived = cleared.Count == 0
            ? []
            : derived.Where(d => !cleared.Contains(d.Key) && d.Value.State != rows[d.Key].TaskState).Select(d => d.Key).ToList();
        var preview = new ClearPreview(runId, [.. cleared.Select(c => c.TaskId).Distinct()], [.. rederived.Select(r => r.TaskId).Distinct()], dryRun);
        if (dryRun || cleared.Count == 0)
            return preview;

        await Fencing.FenceAsync(transaction, [.. cleared.Select(t => rows[t])], cancellationToken);
        await WriteAsync(transaction, runId, [.. cleared], derived, cancellationToken);
        await ReopenAsync(transaction, run, derived, actor, cancellationToken);
        await EventLog.WriteAsync(
            transaction,
            [
                new EventRow("clear", actor) { DagId = run.DagId, RunId = runId, Details = JsonSerializer.Serialize(preview, TaskJson.Options) },
                .. cleared.Select(t => new EventRow("task_state", actor)
                {
                    DagId = run.DagId, RunId = runId, TaskInstanceId = rows[t].TaskInstanceId, TaskId = t.TaskId, Before = rows[t].State, After = TaskState.None.ToWire(),
                }),
            ],
            cancellationToken);
        if (run.State == RunState.Running.ToWire())
            await transitions.DecideAsync(transaction, new Dictionary<long, RunRow> { [runId] = run }, actor, cancellationToken);
        await Notifications.QueueChangedAsync(transaction, cancellationToken);
        await Notifications.RunsChangedAsync(transaction, [runId], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return preview;
    }

    /// <summary>Cancels a run: running attempts are fenced and told to stop, everything unfinished becomes failed with cause <c>cancelled</c>.</summary>
    /// <returns>False when the run had already ended.</returns>
    /// <exception cref="NotFoundException">There is no such run.</exception>
    public Task<bool> CancelAsync(long runId, string actor, CancellationToken cancellationToken) =>
        EndAsync(runId, FailureCause.Cancelled, $"cancelled by {actor}", actor, cancellationToken);

    /// <summary>Ends a run and everything unfinished in it for a stated cause.</summary>
    internal async Task<bool> EndAsync(long runId, FailureCause cause, string message, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (run, _, rows) = await OpenAsync(transaction, runId, cancellationToken);
        var unfinished = rows.Values.Where(r => !r.TaskState.IsFinished()).ToList();
        if (run.State is not ("queued" or "running"))
            return false;
        await Fencing.FenceAsync(transaction, unfinished, cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            update orchestration.task_instance
            set state = 'failed', cause = @cause, message = @message, not_before = null, event_key = null, ended_at = clock_timestamp()
            where task_instance_id = any(@ids)
            """,
            new { ids = unfinished.Select(u => u.TaskInstanceId).ToArray(), cause = cause.ToWire(), message }, transaction, cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition(
            "update orchestration.dag_run set unfinished = 0, message = @message where run_id = @runId",
            new { runId, message }, transaction, cancellationToken: cancellationToken));
        await RecountAsync(transaction, runId, cancellationToken);
        await EventLog.WriteAsync(
            transaction,
            [.. unfinished.Select(u => new EventRow("task_state", actor)
            {
                DagId = run.DagId, RunId = runId, TaskInstanceId = u.TaskInstanceId, AttemptId = u.AttemptId, TaskId = u.TaskId, Before = u.State,
                After = TaskState.Failed.ToWire(), Details = JsonSerializer.Serialize(new { cause = cause.ToWire(), message }, TaskJson.Options),
            })],
            cancellationToken);
        await transitions.CloseFinishedRunsAsync(transaction, new Dictionary<long, RunRow> { [runId] = run }, [runId], actor, cancellationToken);
        await Notifications.RunsChangedAsync(transaction, [runId], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private async Task<(RunRow Run, RunGraph Graph, Dictionary<InstanceKey, InstanceRow> Rows)> OpenAsync(
        NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken)
    {
        var runs = await Transitions.LockRunsAsync(transaction, [runId], cancellationToken);
        if (!runs.TryGetValue(runId, out var run))
            throw new NotFoundException($"There is no run {runId}.");
        var rows = await transaction.Connection!.QueryAsync<InstanceRow>(new CommandDefinition(
            """
            select task_instance_id, run_id, task_id, map_index, state, is_derived, user_tries, infra_tries, attempt_id, routing::text as routing
            from orchestration.task_instance
            where run_id = @runId
            for update
            """,
            new { runId }, transaction, cancellationToken: cancellationToken));
        return (run, await transitions.GraphAsync(run, cancellationToken), rows.ToDictionary(r => r.Key));
    }

    private static Task WriteAsync(
        NpgsqlTransaction transaction, long runId, HashSet<InstanceKey> cleared,
        IReadOnlyDictionary<InstanceKey, DerivedInstance> derived, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update orchestration.task_instance t
            set state = n.state, is_derived = n.is_derived,
                upstream_total = n.total, upstream_success = n.success, upstream_skipped = n.skipped, upstream_failed = n.failed, upstream_blocked = n.blocked, upstream_removed = n.removed,
                upstream_bypassed = n.bypassed, open_gates = n.gates, setup_total = n.setups, setup_success = n.setup_success, setup_skipped = n.setup_skipped,
                setup_failed = n.setup_failed, setup_removed = n.setup_removed,
                user_tries = case when n.is_cleared then 0 else t.user_tries end,
                infra_tries = case when n.is_cleared then 0 else t.infra_tries end,
                not_before = case when n.state in ('up_for_retry', 'up_for_reschedule', 'deferred', 'awaiting_input') then t.not_before end,
                event_key = case when n.state = 'deferred' then t.event_key end,
                ended_at = case when n.state = 'none' then null else coalesce(t.ended_at, case when n.is_derived then clock_timestamp() end) end,
                started_at = case when n.state = 'none' then null else t.started_at end,
                cause = case when n.state = 'none' then null else t.cause end,
                routing = case when n.state = 'none' then null else t.routing end,
                message = case when n.state = 'none' then null else t.message end,
                progress = case when n.state = 'none' then null else t.progress end,
                progress_message = case when n.state = 'none' then null else t.progress_message end
            from unnest(@TaskIds, @Indices, @States, @Derived, @Cleared, @Total, @Success, @Skipped, @Failed, @Blocked, @Removed,
                        @Bypassed, @Gates, @Setups, @SetupSuccess, @SetupSkipped, @SetupFailed, @SetupRemoved)
              as n (task_id, map_index, state, is_derived, is_cleared, total, success, skipped, failed, blocked, removed,
                    bypassed, gates, setups, setup_success, setup_skipped, setup_failed, setup_removed)
            where t.run_id = @runId
              and t.task_id = n.task_id
              and t.map_index = n.map_index
            """,
            new
            {
                runId,
                TaskIds = derived.Keys.Select(k => k.TaskId).ToArray(),
                Indices = derived.Keys.Select(k => k.MapIndex).ToArray(),
                States = derived.Values.Select(d => d.State.ToWire()).ToArray(),
                Derived = derived.Values.Select(d => d.IsDerived).ToArray(),
                Cleared = derived.Keys.Select(cleared.Contains).ToArray(),
                Total = derived.Values.Select(d => d.Counts.Total).ToArray(),
                Success = derived.Values.Select(d => d.Counts.Success).ToArray(),
                Skipped = derived.Values.Select(d => d.Counts.Skipped).ToArray(),
                Failed = derived.Values.Select(d => d.Counts.Failed).ToArray(),
                Blocked = derived.Values.Select(d => d.Counts.UpstreamFailed).ToArray(),
                Removed = derived.Values.Select(d => d.Counts.Removed).ToArray(),
                Bypassed = derived.Values.Select(d => d.Counts.Bypassed).ToArray(),
                Gates = derived.Values.Select(d => d.Counts.OpenGates).ToArray(),
                Setups = derived.Values.Select(d => d.Counts.Setups.Total).ToArray(),
                SetupSuccess = derived.Values.Select(d => d.Counts.Setups.Success).ToArray(),
                SetupSkipped = derived.Values.Select(d => d.Counts.Setups.Skipped).ToArray(),
                SetupFailed = derived.Values.Select(d => d.Counts.Setups.Failed).ToArray(),
                SetupRemoved = derived.Values.Select(d => d.Counts.Setups.Removed).ToArray(),
            },
            transaction, cancellationToken: cancellationToken));

    /// <summary>A finished run goes back to the waiting ones, as a new generation; an active one only gets its counter right.</summary>
    private static async Task ReopenAsync(
        NpgsqlTransaction transaction, RunRow run, IReadOnlyDictionary<InstanceKey, DerivedInstance> derived,
        string actor, CancellationToken cancellationToken)
    {
        var unfinished = derived.Values.Count(d => !d.State.IsFinished());
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update orchestration.dag_run
            set unfinished = @unfinished,
                clear_number = clear_number + case when state in ('success', 'failed') then 1 else 0 end,
                state = case when state in ('success', 'failed') then 'queued' else state end,
                ended_at = null, message = null, updated_at = clock_timestamp(),
                queued_at = case when state in ('success', 'failed') then clock_timestamp() else queued_at end
            where run_id = @RunId
            """,
            new { run.RunId, unfinished }, transaction, cancellationToken: cancellationToken));
        if (run.State is "success" or "failed")
        {
            await EventLog.WriteAsync(
                transaction, [new EventRow("run_state", actor) { DagId = run.DagId, RunId = run.RunId, Before = run.State, After = RunState.Queued.ToWire() }],
                cancellationToken);
        }
    }

    /// <summary>Brings the upstream counters of a whole run in line with its instances' states.</summary>
    private async Task RecountAsync(NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken)
    {
        var (_, graph, rows) = await OpenAsync(transaction, runId, cancellationToken);
        // Nothing is undecided after an end, so recomputing changes counters only.
        var derived = Derivation.Recompute(graph, rows.ToDictionary(r => r.Key, r => r.Value.Facts with { IsDerived = false }))
            .ToDictionary(d => d.Key, d => d.Value with { IsDerived = rows[d.Key].IsDerived });
        await WriteAsync(transaction, runId, [], derived, cancellationToken);
    }
}
