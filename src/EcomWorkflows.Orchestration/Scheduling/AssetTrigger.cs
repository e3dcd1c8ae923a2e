using Dapper;
using EcomWorkflows.Orchestration.Execution;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>Starts runs of DAGs whose assets have new events. Each event is used once per DAG: the run and the use of its events are one transaction.</summary>
public sealed class AssetTrigger(NpgsqlDataSource database, DagStore dags, RunStore runs, TimeProvider time, ILogger<AssetTrigger> logger) : ISweepStep
{
    private const string Actor = "scheduler";
    private const int BatchSize = 200;

    /// <returns>How many runs were created.</returns>
    public async Task<int> TriggerAsync(CancellationToken cancellationToken)
    {
        var created = 0;
        foreach (var dagId in await WaitingAsync(cancellationToken))
        {
            try
            {
                created += await TriggerAsync(dagId, cancellationToken) ? 1 : 0;
            }
            catch (OrchestrationException problem)
            {
                logger.LogError("DAG {DagId} cannot be run by its assets: {Problem}", dagId, problem.Message);
            }
        }
        return created;
    }

    async Task ISweepStep.SweepAsync(CancellationToken cancellationToken) => await TriggerAsync(cancellationToken);

    private async Task<IReadOnlyList<string>> WaitingAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<string>(new CommandDefinition(
            """
            select distinct w.dag_id
            from orchestration.asset_delivery w
            join orchestration.dag d on d.dag_id = w.dag_id
            where not w.is_used
              and not d.is_paused
              and d.is_active
            limit @BatchSize
            """,
            new { BatchSize }, cancellationToken: cancellationToken))).AsList();
    }

    private async Task<bool> TriggerAsync(string dagId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // The row of the DAG's schedule is the lock: whoever holds it is the only one to use the DAG's events.
        var dag = await connection.QuerySingleOrDefaultAsync<(int Version, int ActiveRuns)?>(new CommandDefinition(
            """
            select d.current_version,
                   (select count(*)::int
                    from orchestration.dag_run r
                    where r.dag_id = d.dag_id
                      and r.state in ('queued', 'running')
                      and r.backfill_id is null)
            from orchestration.dag_schedule s
            join orchestration.dag d on d.dag_id = s.dag_id
            where s.dag_id = @dagId
            for update of s skip locked
            """,
            new { dagId }, transaction, cancellationToken: cancellationToken));
        if (dag is not var (version, activeRuns))
            return false;
        var settings = (await dags.GraphAsync(dagId, version, cancellationToken)).Dag.Settings;
        if (settings.AssetSchedule is not { } expression || activeRuns >= settings.MaxActiveRuns)
            return false;
        var waiting = (await connection.QueryAsync<WaitingEvent>(new CommandDefinition(
            """
            select w.asset_event_id, w.asset, e.data_interval_start, e.data_interval_end
            from orchestration.asset_delivery w
            join orchestration.asset_event e on e.asset_event_id = w.asset_event_id
            where w.dag_id = @dagId
              and not w.is_used
            order by w.asset_event_id
            for update of w
            """,
            new { dagId }, transaction, cancellationToken: cancellationToken))).AsList();
        if (!AssetExpression.Parse(expression).IsMet(waiting.Select(w => w.Asset).ToHashSet(StringComparer.Ordinal)))
            return false;
        var now = time.GetUtcNow();
        var run = (await runs.CreateAsync(
            transaction,
            [new RunRequest(
                dagId, "asset_triggered", now, waiting.Min(w => w.DataIntervalStart) ?? now, waiting.Max(w => w.DataIntervalEnd) ?? now, Params: null, Actor,
                RunKey: $"asset_triggered__{now.UtcDateTime:yyyy-MM-ddTHH:mm:ss.ffffff}Z_{waiting[^1].AssetEventId}")],
            cancellationToken))[0];
        await connection.ExecuteAsync(new CommandDefinition(
            "update orchestration.asset_delivery set is_used = true, run_id = @RunId where dag_id = @dagId and asset_event_id = any(@ids)",
            new { run.RunId, dagId, ids = waiting.Select(w => w.AssetEventId).ToArray() }, transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        logger.LogInformation("Created run {RunKey} of {DagId} for {Count} asset events", run.RunKey, dagId, waiting.Count);
        return true;
    }

    private sealed record WaitingEvent
    {
        public long AssetEventId { get; init; }

        public string Asset { get; init; } = "";

        public DateTimeOffset? DataIntervalStart { get; init; }

        public DateTimeOffset? DataIntervalEnd { get; init; }
    }
}
