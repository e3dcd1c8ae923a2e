using Dapper;
using EcomWorkflows.Orchestration.Planning;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Makes, pauses and cancels backfills; each date keeps a row with what was done and why.</summary>
public sealed class BackfillStore(NpgsqlDataSource database, DagStore dags, RerunStore reruns, TimeProvider time)
{
    /// <summary>What a backfill would do, date by date; nothing is changed.</summary>
    /// <exception cref="NotFoundException">There is no such DAG.</exception>
    /// <exception cref="OrchestrationException">The request makes no sense for this DAG; the message says why.</exception>
    public async Task<IReadOnlyList<BackfillDate>> PlanAsync(BackfillRequest request, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        return await PlanAsync(transaction, request, cancellationToken);
    }

    /// <summary>Makes a backfill; its runs are started from now on by the scheduler.</summary>
    /// <exception cref="NotFoundException">There is no such DAG.</exception>
    /// <exception cref="OrchestrationException">The request makes no sense for this DAG, or the DAG has an active backfill already.</exception>
    public async Task<long> CreateAsync(BackfillRequest request, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var plan = await PlanAsync(transaction, request, cancellationToken);
        var backfillId = await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            """
            insert into orchestration.backfill (dag_id, from_date, to_date, params, reprocess_behavior, run_backwards, max_active_runs, created_by)
            values (@DagId, @From, @To, @parameters::jsonb, @reprocess, @RunBackwards, @MaxActiveRuns, @actor)
            on conflict (dag_id) where completed_at is null do nothing
            returning backfill_id
            """,
            new
            {
                request.DagId, request.From, request.To, parameters = request.Params?.ToJsonString(), reprocess = request.Reprocess.ToWire(), request.RunBackwards,
                request.MaxActiveRuns, actor,
            },
            transaction, cancellationToken: cancellationToken));
        if (backfillId is null)
        {
            var active = await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
                "select backfill_id from orchestration.backfill where dag_id = @DagId and completed_at is null", new { request.DagId }, transaction, cancellationToken: cancellationToken));
            throw new OrchestrationException($"DAG {request.DagId} has a backfill that is not finished ({active}). Wait for it, or cancel it.");
        }
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into orchestration.backfill_date (backfill_id, ordinal, logical_date, data_interval_start, data_interval_end, action, state, reason, run_id)
            select @backfillId, ordinal, start_at, start_at, end_at, action, case action when 'skip' then 'skipped' else 'waiting' end, reason, run_id
            from unnest(@Starts, @Ends, @Actions, @Reasons, @RunIds) with ordinality as date (start_at, end_at, action, reason, run_id, ordinal)
            """,
            new
            {
                backfillId,
                Starts = plan.Select(p => p.Slot.Start.UtcDateTime).ToArray(),
                Ends = plan.Select(p => p.Slot.End.UtcDateTime).ToArray(),
                Actions = plan.Select(p => p.Action.ToWire()).ToArray(),
                Reasons = plan.Select(p => p.Reason).ToArray(),
                RunIds = plan.Select(p => p.RunId).ToArray(),
            },
            transaction, cancellationToken: cancellationToken));
        await EventLog.WriteAsync(
            transaction,
            [new EventRow("backfill_created", actor) { DagId = request.DagId, Details = $$"""{"backfillId":{{backfillId}},"dates":{{plan.Count}}}""" }], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return backfillId.Value;
    }

    /// <summary>Pausing keeps further dates from starting; runs that have started go on.</summary>
    /// <returns>Whether the switch moved.</returns>
    /// <exception cref="NotFoundException">There is no such backfill.</exception>
    /// <exception cref="OrchestrationException">It has ended.</exception>
    public Task<bool> SetPausedAsync(long backfillId, bool paused, string actor, CancellationToken cancellationToken) => ChangeAsync(
        backfillId, paused ? "backfill_paused" : "backfill_unpaused", actor,
        "update orchestration.backfill set is_paused = @paused, updated_at = clock_timestamp() where backfill_id = @backfillId and is_paused <> @paused",
        new { backfillId, paused }, cancellationToken);

    /// <summary>Releases the dates that have not started and cancels their runs that still wait; runs that are under way go on to their end.</summary>
    /// <exception cref="NotFoundException">There is no such backfill.</exception>
    /// <exception cref="OrchestrationException">It has ended.</exception>
    public async Task CancelAsync(long backfillId, string actor, CancellationToken cancellationToken)
    {
        await ChangeAsync(
            backfillId, "backfill_cancelled", actor,
            """
            with released as (
              update orchestration.backfill_date
              set state = 'released', reason = 'the backfill was cancelled', updated_at = clock_timestamp()
              where backfill_id = @backfillId
                and state = 'waiting'
            )
            update orchestration.backfill
            set is_cancelled = true, completed_at = clock_timestamp(), updated_at = clock_timestamp()
            where backfill_id = @backfillId
            """,
            new { backfillId }, cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var waiting = (await connection.QueryAsync<long>(new CommandDefinition(
            "select run_id from orchestration.dag_run where backfill_id = @backfillId and state = 'queued' order by run_id",
            new { backfillId }, cancellationToken: cancellationToken))).AsList();
        foreach (var runId in waiting)
            await reruns.CancelAsync(runId, actor, cancellationToken);
    }

    /// <summary>The newest run of each logical date, whatever made it (an asset's run has no date of the schedule).</summary>
    internal static async Task<Dictionary<DateTimeOffset, (long RunId, string State, long? BackfillId)>> ExistingAsync(
        NpgsqlTransaction transaction, string dagId, IEnumerable<DateTimeOffset> dates, CancellationToken cancellationToken) =>
        (await transaction.Connection!.QueryAsync<(DateTime LogicalDate, long RunId, string State, long? BackfillId)>(new CommandDefinition(
            """
            select distinct on (logical_date) logical_date, run_id, state, backfill_id
            from orchestration.dag_run
            where dag_id = @dagId
              and run_type <> 'asset_triggered'
              and logical_date = any(@dates)
            order by logical_date, run_id desc
            """,
            new { dagId, dates = dates.Select(d => d.UtcDateTime).ToArray() }, transaction, cancellationToken: cancellationToken)))
        .ToDictionary(r => new DateTimeOffset(DateTime.SpecifyKind(r.LogicalDate, DateTimeKind.Utc)), r => (r.RunId, r.State, r.BackfillId));

    private async Task<IReadOnlyList<BackfillDate>> PlanAsync(NpgsqlTransaction transaction, BackfillRequest request, CancellationToken cancellationToken)
    {
        var info = await dags.GetAsync(request.DagId, cancellationToken);
        if (!info.IsActive)
            throw new OrchestrationException($"DAG {request.DagId} is not active (its file is gone, or it was retracted). Publish it again first.");
        var dag = (await dags.GraphAsync(info.DagId, info.CurrentVersion, cancellationToken)).Dag;
        var slots = BackfillPlan.Slots(dag, request, time.GetUtcNow());
        var existing = await ExistingAsync(transaction, request.DagId, slots.Select(s => s.Start), cancellationToken);
        return [.. slots.Select(slot =>
        {
            var run = existing.TryGetValue(slot.Start, out var found) ? found : default((long RunId, string State, long? BackfillId)?);
            var (action, reason) = BackfillRules.Decide(run is null ? null : StateNames.Parse<RunState>(run.Value.State), request.Reprocess);
            return new BackfillDate(slot, action, reason, run?.RunId);
        })];
    }

    private async Task<bool> ChangeAsync(long backfillId, string kind, string actor, string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (dagId, completedAt) = await connection.QuerySingleOrDefaultAsync<(string DagId, DateTime? CompletedAt)?>(new CommandDefinition(
            "select dag_id, completed_at from orchestration.backfill where backfill_id = @backfillId for no key update",
            new { backfillId }, transaction, cancellationToken: cancellationToken)) ?? throw new NotFoundException($"There is no backfill {backfillId}.");
        if (completedAt is { } ended)
            throw new OrchestrationException($"Backfill {backfillId} ended at {ended:yyyy-MM-dd HH:mm:ss} UTC; it can no longer be changed.");
        if (await connection.ExecuteAsync(new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken)) == 0)
            return false;
        await EventLog.WriteAsync(transaction, [new EventRow(kind, actor) { DagId = dagId, Details = $$"""{"backfillId":{{backfillId}}}""" }], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
