using Dapper;
using EcomWorkflows.Orchestration.Planning;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Finds runs by everything lists filter by. Ids are chosen first and rows read for the page only, so a deep page costs an index scan.</summary>
public sealed class RunSearch(NpgsqlDataSource database)
{
    private const string Situation =
        """
        case
          when r.state in ('queued', 'success') then r.state
          when r.state = 'failed' then
            case when exists (select from orchestration.task_instance t where t.run_id = r.run_id and t.state = 'failed' and t.cause = 'cancelled')
              then 'cancelled' else 'failed' end
          when exists (
            select
            from orchestration.task_instance t
            join orchestration.task_attempt a on a.attempt_id = t.attempt_id
            join orchestration.node n on n.node_id = a.node_id
            where t.run_id = r.run_id
              and t.state = 'running'
              and a.state = 'running'
              and (n.stopped_at is not null or n.lease_until <= clock_timestamp())
          ) then 'interrupted'
          when not exists (select from orchestration.task_instance t where t.run_id = r.run_id and t.state in ('scheduled', 'queued', 'running', 'restarting', 'up_for_retry'))
            and exists (select from orchestration.task_instance t where t.run_id = r.run_id and t.state in ('up_for_reschedule', 'deferred', 'awaiting_input'))
            then 'suspended'
          else 'running'
        end
        """;

    private const string Columns =
        $"""
        r.run_id, r.dag_id, r.run_key, r.dag_version, r.run_type, r.logical_date, r.data_interval_start, r.data_interval_end, r.state, {Situation} as situation_name,
        r.params::text as params, r.message, r.note, r.created_by, r.created_at, r.started_at, r.ended_at,
        (
          select count(*)::int
          from orchestration.task_instance t
          where t.run_id = r.run_id
            and t.state = 'failed'
            and t.cause is distinct from 'cancelled'
        ) as incidents,
        greatest(r.updated_at, (select e.occurred_at from orchestration.event e where e.run_id = r.run_id order by e.event_id desc limit 1)) as updated_at
        """;

    /// <summary>One page of runs, and how many fit in all.</summary>
    public async Task<(IReadOnlyList<FoundRun> Runs, int Total)> PageAsync(RunFilter filter, RunOrder order, int limit, int offset, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var parameters = Parameters(filter, limit);
        parameters.Add("offset", offset);
        var fits = Conditions(filter);
        var total = await connection.ExecuteScalarAsync<int>(new CommandDefinition(
            $"select count(*) from orchestration.dag_run r where {fits}", parameters, cancellationToken: cancellationToken));
        if (total <= offset)
            return ([], total);
        var sort = order switch
        {
            RunOrder.NewestFirst => "r.run_id desc",
            RunOrder.OldestFirst => "r.run_id",
            RunOrder.ByName => "r.run_key, r.run_id",
            _ => "r.run_key desc, r.run_id desc",
        };
        var runs = await connection.QueryAsync<FoundRun>(new CommandDefinition(
            $"""
            with chosen as (
              select r.run_id
              from orchestration.dag_run r
              where {fits}
              order by {sort}
              limit @limit
              offset @offset
            )
            select {Columns}
            from chosen
            join orchestration.dag_run r on r.run_id = chosen.run_id
            order by {sort}
            """,
            parameters, cancellationToken: cancellationToken));
        return (runs.AsList(), total);
    }

    /// <summary>Runs, newest first, from one key on; the way to page through any number of them at the same cost.</summary>
    /// <param name="beforeRunId">Only runs older than this one; null starts at the newest.</param>
    public async Task<IReadOnlyList<FoundRun>> BeforeAsync(RunFilter filter, int limit, long? beforeRunId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var parameters = Parameters(filter, limit);
        parameters.Add("beforeRunId", beforeRunId);
        return (await connection.QueryAsync<FoundRun>(new CommandDefinition(
            $"""
            with chosen as (
              select r.run_id
              from orchestration.dag_run r
              where (@beforeRunId::bigint is null or r.run_id < @beforeRunId)
                and {Conditions(filter)}
              order by r.run_id desc
              limit @limit
            )
            select {Columns}
            from chosen
            join orchestration.dag_run r on r.run_id = chosen.run_id
            order by r.run_id desc
            """,
            parameters, cancellationToken: cancellationToken))).AsList();
    }

    /// <exception cref="NotFoundException">There is no such run.</exception>
    public async Task<FoundRun> GetAsync(long runId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<FoundRun>(new CommandDefinition(
            $"select {Columns} from orchestration.dag_run r where r.run_id = @runId", new { runId }, cancellationToken: cancellationToken))
            ?? throw new NotFoundException($"There is no run {runId}.");
    }

    /// <summary>The conditions the filter really has, and no others: a statement that carries all of them is planned for none.</summary>
    private static string Conditions(RunFilter filter)
    {
        var conditions = new List<string> { "true" };
        Add(filter.Text is { Length: > 0 }, "(lower(r.run_key) like @Text or r.dag_id in (select d.dag_id from orchestration.dag d where lower(d.dag_id) like @Text) or r.run_id = @RunId)");
        Add(filter.DagIds.Count > 0, "r.dag_id = any(@DagIds)");
        Add(filter.DagVersion is not null, "r.dag_version = @DagVersion");
        Add(filter.LogicalDate is not null, "r.logical_date = @LogicalDate");
        Add(filter.RunTypes.Count > 0, "r.run_type = any(@RunTypes)");
        Add(filter.Situations.Count > 0, "r.state = any(@States)");
        Add(NeedsSituation(filter), $"{Situation} = any(@Situations)");
        Add(
            filter.HasIncidents is not null,
            "(r.run_id in (select t.run_id from orchestration.task_instance t where t.state = 'failed' and t.cause is distinct from 'cancelled')) = @HasIncidents");
        AddInstant(filter.Created, "r.created_at", "Created");
        AddInstant(filter.Updated, "r.updated_at", "Updated");
        AddInstant(filter.Ended, "r.ended_at", "Ended");
        return string.Join("\n and ", conditions);

        void Add(bool isAsked, string condition)
        {
            if (isAsked)
                conditions.Add(condition);
        }

        void AddInstant(InstantFilter bounds, string column, string name)
        {
            Add(bounds.From is not null, $"{column} >= @{name}From");
            Add(bounds.Before is not null, $"{column} < @{name}Before");
            Add(bounds.Except is { Count: > 0 }, $"({column} is null or date_trunc('second', {column}) <> all(@{name}Except))");
        }
    }

    /// <summary>Only where a state is asked for in part does its finer reading have to be worked out for every row.</summary>
    private static bool NeedsSituation(RunFilter filter) =>
        filter.Situations.Count > 0
        && Enum.GetValues<RunSituation>().Any(s => !filter.Situations.Contains(s) && filter.Situations.Any(asked => StateOf(asked) == StateOf(s)));

    private static DynamicParameters Parameters(RunFilter filter, int limit)
    {
        return new DynamicParameters(new
        {
            Text = filter.Text is { Length: > 0 } text ? $"%{text.ToLowerInvariant().Replace("\\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%" : null,
            RunId = long.TryParse(filter.Text, out var id) ? id : -1,
            DagIds = filter.DagIds.ToArray(),
            filter.DagVersion,
            filter.LogicalDate,
            RunTypes = filter.RunTypes.ToArray(),
            States = filter.Situations.Select(StateOf).Distinct().ToArray(),
            Situations = filter.Situations.Select(s => s.ToWire()).ToArray(),
            filter.HasIncidents,
            CreatedFrom = filter.Created.From,
            CreatedBefore = filter.Created.Before,
            CreatedExcept = Seconds(filter.Created),
            UpdatedFrom = filter.Updated.From,
            UpdatedBefore = filter.Updated.Before,
            UpdatedExcept = Seconds(filter.Updated),
            EndedFrom = filter.Ended.From,
            EndedBefore = filter.Ended.Before,
            EndedExcept = Seconds(filter.Ended),
            limit,
        });
    }

    private static string StateOf(RunSituation situation) => situation switch
    {
        RunSituation.Suspended or RunSituation.Interrupted => "running",
        RunSituation.Cancelled => "failed",
        _ => situation.ToWire(),
    };

    private static DateTime[]? Seconds(InstantFilter filter) =>
        filter.Except is { Count: > 0 } except ? [.. except.Select(at => at.UtcDateTime)] : null;
}
