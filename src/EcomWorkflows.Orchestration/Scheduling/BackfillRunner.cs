using System.Text.Json.Nodes;
using Dapper;
using EcomWorkflows.Orchestration.Execution;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using Npgsql;

namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>
/// Goes on with backfills: starts the next dates as far as their own <c>max_active_runs</c> allows and completes those that have nothing left. What is done about a
/// date is decided again when its turn comes: the run there is may have changed since the plan.
/// </summary>
public sealed class BackfillRunner(NpgsqlDataSource database, RunStore runs, RerunStore reruns) : ISweepStep
{
    private const string Actor = "scheduler";
    private const int BatchSize = 200;

    /// <returns>How many runs were created or cleared.</returns>
    public async Task<int> AdvanceAsync(CancellationToken cancellationToken)
    {
        var started = 0;
        foreach (var backfillId in await ActiveAsync(cancellationToken))
        {
            Step step;
            do
            {
                step = await AdvanceAsync(backfillId, cancellationToken);
                started += step.Started;
            }
            while (step.GoesOn);
        }
        if (started > 0)
            await runs.StartWaitingAsync(Actor, cancellationToken);
        return started;
    }

    async Task ISweepStep.SweepAsync(CancellationToken cancellationToken) => await AdvanceAsync(cancellationToken);

    private async Task<IReadOnlyList<long>> ActiveAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<long>(new CommandDefinition(
            "select backfill_id from orchestration.backfill where completed_at is null order by backfill_id", cancellationToken: cancellationToken))).AsList();
    }

    private async Task<Step> AdvanceAsync(long backfillId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Held to the end: one node at a time goes on with a backfill. It leaves runs free to refer to it.
        var backfill = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            """
            select b.backfill_id, b.dag_id, b.params::text as params, b.reprocess_behavior, b.max_active_runs, b.is_paused,
                   (select count(*)::int
                    from orchestration.dag_run r
                    where r.backfill_id = b.backfill_id
                      and r.state in ('queued', 'running')) as active
            from orchestration.backfill b
            where b.backfill_id = @backfillId
              and b.completed_at is null
            for no key update of b skip locked
            """,
            new { backfillId }, transaction, cancellationToken: cancellationToken));
        if (backfill is null)
            return Step.Nothing;
        var waiting = (await connection.QueryAsync<BackfillDateInfo>(new CommandDefinition(
            """
            select ordinal, logical_date, data_interval_start, data_interval_end
            from orchestration.backfill_date
            where backfill_id = @backfillId
              and state = 'waiting'
            order by ordinal
            limit @BatchSize
            """,
            new { backfillId, BatchSize }, transaction, cancellationToken: cancellationToken))).AsList();
        if (waiting.Count == 0 && backfill.Active == 0)
        {
            await CompleteAsync(transaction, backfill, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return Step.Nothing;
        }
        var free = backfill.IsPaused ? 0 : backfill.MaxActiveRuns - backfill.Active;
        if (free <= 0 || waiting.Count == 0)
            return Step.Nothing;
        var (outcomes, goesOn) = await StartAsync(transaction, backfill, waiting, free, cancellationToken);
        await WriteAsync(transaction, backfillId, outcomes, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new Step(outcomes.Count(o => o.State == "started"), goesOn);
    }

    /// <returns>What was done, and whether it ended before a run is cleared: others see that at once, so what comes before it in order has to be committed first.</returns>
    private async Task<(IReadOnlyList<Outcome> Outcomes, bool GoesOn)> StartAsync(
        NpgsqlTransaction transaction, Row backfill, List<BackfillDateInfo> waiting, int free, CancellationToken cancellationToken)
    {
        var existing = await BackfillStore.ExistingAsync(transaction, backfill.DagId, waiting.Select(w => w.LogicalDate), cancellationToken);
        var outcomes = new List<Outcome>();
        var creating = new List<BackfillDateInfo>();
        var goesOn = false;
        foreach (var date in waiting)
        {
            if (free == 0)
                break;
            var run = existing.TryGetValue(date.LogicalDate, out var found) ? found : default((long RunId, string State, long? BackfillId)?);
            var state = run is { } there ? StateNames.Parse<RunState>(there.State) : default(RunState?);
            var (action, reason) = BackfillRules.Decide(state, StateNames.Parse<ReprocessBehavior>(backfill.ReprocessBehavior));
            if (action == BackfillAction.Skip && run?.BackfillId == backfill.BackfillId)
            {
                // Cleared by us before the row could be written.
                outcomes.Add(new Outcome(date.Ordinal, BackfillAction.Reprocess, "started", "run again", run?.RunId));
                continue;
            }
            if (action == BackfillAction.Skip)
            {
                outcomes.Add(new Outcome(date.Ordinal, action, "skipped", reason, run?.RunId));
                continue;
            }
            goesOn = action == BackfillAction.Reprocess && creating.Count > 0;
            if (goesOn)
                break;
            free--;
            if (action == BackfillAction.Create)
            {
                creating.Add(date);
                continue;
            }
            // Where someone else was quicker, the date is decided anew at the next look.
            if (await ReprocessAsync(backfill, run!.Value.RunId, cancellationToken))
                outcomes.Add(new Outcome(date.Ordinal, action, "started", reason, run.Value.RunId));
        }
        var created = creating.Count == 0 ? [] : await runs.CreateAsync(transaction, [.. creating.Select(d => Request(backfill, d))], cancellationToken);
        outcomes.AddRange(creating.Zip(created, (date, run) => run.IsNew
            ? new Outcome(date.Ordinal, BackfillAction.Create, "started", "no run yet", run.RunId)
            : new Outcome(date.Ordinal, BackfillAction.Skip, "skipped", "in flight", run.RunId)));
        return (outcomes, goesOn);
    }

    /// <summary>Gives the run the backfill's parameters and clears it, each in a transaction of its own; doing it twice does no harm.</summary>
    /// <returns>False where someone else has started or deleted the run meanwhile.</returns>
    private async Task<bool> ReprocessAsync(Row backfill, long runId, CancellationToken cancellationToken)
    {
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            var taken = await connection.ExecuteAsync(new CommandDefinition(
                """
                update orchestration.dag_run
                set backfill_id = @BackfillId, params = coalesce(@Params::jsonb, params)
                where run_id = @runId
                  and state in ('success', 'failed')
                """,
                new { backfill.BackfillId, Params = await MergedAsync(backfill, runId, connection, cancellationToken), runId }, cancellationToken: cancellationToken));
            if (taken == 0)
                return false;
        }
        await reruns.ClearAsync(runId, new ClearSelection(OnlyFailed: false), dryRun: false, $"backfill:{backfill.BackfillId}", cancellationToken);
        return true;
    }

    /// <summary>The backfill's parameters over the run's own; null where the backfill has none.</summary>
    private static async Task<string?> MergedAsync(Row backfill, long runId, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (backfill.Params is null)
            return null;
        var own = await connection.ExecuteScalarAsync<string>(new CommandDefinition(
            "select params::text from orchestration.dag_run where run_id = @runId", new { runId }, cancellationToken: cancellationToken));
        var merged = JsonNode.Parse(own!)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(backfill.Params)!.AsObject())
            merged[name] = value?.DeepClone();
        return merged.ToJsonString();
    }

    private static RunRequest Request(Row backfill, BackfillDateInfo date) => new(
        backfill.DagId, "backfill", date.LogicalDate, date.DataIntervalStart, date.DataIntervalEnd,
        backfill.Params is { } text ? JsonNode.Parse(text)!.AsObject() : null, $"backfill:{backfill.BackfillId}", BackfillId: backfill.BackfillId);

    private static Task WriteAsync(NpgsqlTransaction transaction, long backfillId, IReadOnlyList<Outcome> outcomes, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update orchestration.backfill_date f
            set action = done.action, state = done.state, reason = done.reason, run_id = done.run_id, updated_at = clock_timestamp()
            from unnest(@Ordinals, @Actions, @States, @Reasons, @RunIds) as done (ordinal, action, state, reason, run_id)
            where f.backfill_id = @backfillId
              and f.ordinal = done.ordinal
            """,
            new
            {
                backfillId,
                Ordinals = outcomes.Select(o => o.Ordinal).ToArray(),
                Actions = outcomes.Select(o => o.Action.ToWire()).ToArray(),
                States = outcomes.Select(o => o.State).ToArray(),
                Reasons = outcomes.Select(o => o.Reason).ToArray(),
                RunIds = outcomes.Select(o => o.RunId).ToArray(),
            },
            transaction, cancellationToken: cancellationToken));

    private static async Task CompleteAsync(NpgsqlTransaction transaction, Row backfill, CancellationToken cancellationToken)
    {
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "update orchestration.backfill set completed_at = clock_timestamp(), updated_at = clock_timestamp() where backfill_id = @BackfillId",
            new { backfill.BackfillId }, transaction, cancellationToken: cancellationToken));
        await EventLog.WriteAsync(
            transaction, [new EventRow("backfill_completed", Actor) { DagId = backfill.DagId, Details = $$"""{"backfillId":{{backfill.BackfillId}}}""" }], cancellationToken);
    }

    private sealed record Step(int Started, bool GoesOn)
    {
        public static readonly Step Nothing = new(0, GoesOn: false);
    }

    private sealed record Outcome(int Ordinal, BackfillAction Action, string State, string Reason, long? RunId);

    private sealed record Row
    {
        public long BackfillId { get; init; }

        public string DagId { get; init; } = "";

        public string? Params { get; init; }

        public string ReprocessBehavior { get; init; } = "";

        public int MaxActiveRuns { get; init; }

        public bool IsPaused { get; init; }

        public int Active { get; init; }
    }
}
