using Dapper;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Reads backfills, their dates and how far they are.</summary>
public sealed class BackfillReader(NpgsqlDataSource database)
{
    private const string Select =
        """
        select b.backfill_id, b.dag_id, b.from_date, b.to_date, b.params::text as params, b.reprocess_behavior, b.run_backwards, b.max_active_runs, b.is_paused,
               b.is_cancelled, b.created_by, b.created_at, b.updated_at, b.completed_at, d.is_paused as is_dag_paused,
               dates.dates, dates.waiting, dates.skipped, dates.released, runs.active, runs.succeeded, runs.failed,
               coalesce(runs.mean_seconds, (
                 select avg(extract(epoch from r.ended_at - r.started_at))::float8
                 from (
                   select started_at, ended_at
                   from orchestration.dag_run
                   where dag_id = b.dag_id
                     and state = 'success'
                   order by run_id desc
                   limit 10
                 ) r)) as mean_run_seconds
        from orchestration.backfill b
        join orchestration.dag d on d.dag_id = b.dag_id
        cross join lateral (
          select count(*)::int as dates,
                 count(*) filter (where state = 'waiting')::int as waiting,
                 count(*) filter (where state = 'skipped')::int as skipped,
                 count(*) filter (where state = 'released')::int as released
          from orchestration.backfill_date
          where backfill_id = b.backfill_id
        ) dates
        cross join lateral (
          select count(*) filter (where r.state in ('queued', 'running'))::int as active,
                 count(*) filter (where r.state = 'success')::int as succeeded,
                 count(*) filter (where r.state = 'failed')::int as failed,
                 avg(extract(epoch from r.ended_at - r.started_at))::float8 as mean_seconds
          from orchestration.backfill_date f
          join orchestration.dag_run r on r.run_id = f.run_id
          where f.backfill_id = b.backfill_id
            and f.state = 'started'
        ) runs
        """;

    /// <summary>Backfills, newest first.</summary>
    public async Task<(IReadOnlyList<BackfillInfo> Backfills, int Total)> ListAsync(
        string? dagId, bool onlyActive, int limit, int offset, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var parameters = new { dagId, onlyActive, limit, offset };
        var total = await connection.ExecuteScalarAsync<int>(new CommandDefinition(
            """
            select count(*)
            from orchestration.backfill b
            where (@dagId::text is null or b.dag_id = @dagId)
              and (not @onlyActive or b.completed_at is null)
            """,
            parameters, cancellationToken: cancellationToken));
        var backfills = await connection.QueryAsync<BackfillInfo>(new CommandDefinition(
            $"""
            {Select}
            where (@dagId::text is null or b.dag_id = @dagId)
              and (not @onlyActive or b.completed_at is null)
            order by b.backfill_id desc
            limit @limit
            offset @offset
            """,
            parameters, cancellationToken: cancellationToken));
        return (backfills.AsList(), total);
    }

    /// <exception cref="NotFoundException">There is no such backfill.</exception>
    public async Task<BackfillInfo> GetAsync(long backfillId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<BackfillInfo>(new CommandDefinition(
            $"{Select} where b.backfill_id = @backfillId", new { backfillId }, cancellationToken: cancellationToken))
            ?? throw new NotFoundException($"There is no backfill {backfillId}.");
    }

    /// <summary>Its dates, in the order it goes through them.</summary>
    public async Task<IReadOnlyList<BackfillDateInfo>> DatesAsync(long backfillId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<BackfillDateInfo>(new CommandDefinition(
            """
            select f.ordinal, f.logical_date, f.data_interval_start, f.data_interval_end, f.action, f.state, f.reason, f.run_id, r.run_key, r.state as run_state
            from orchestration.backfill_date f
            left join orchestration.dag_run r on r.run_id = f.run_id
            where f.backfill_id = @backfillId
            order by f.ordinal
            """,
            new { backfillId }, cancellationToken: cancellationToken))).AsList();
    }
}
