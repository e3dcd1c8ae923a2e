using Dapper;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Reads assets, their events and their graph.</summary>
public sealed class AssetReader(NpgsqlDataSource database)
{
    private const string EventColumns =
        """
        e.asset_event_id, a.asset_id, e.asset, e.occurred_at, e.dag_id, e.run_id, e.run_key, e.task_id, e.map_index, e.attempt_id, e.row_count, e.extra::text as extra,
        e.created_by
        """;

    /// <summary>Assets by name, with who uses them; <paramref name="nameContains"/> is optional.</summary>
    public async Task<(IReadOnlyList<AssetInfo> Assets, int Total)> ListAsync(string? nameContains, int limit, int offset, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var parameters = new { nameContains, limit, offset };
        var total = await connection.ExecuteScalarAsync<int>(new CommandDefinition(
            "select count(*) from orchestration.asset where @nameContains::text is null or position(lower(@nameContains) in lower(name)) > 0",
            parameters, cancellationToken: cancellationToken));
        var assets = (await connection.QueryAsync<AssetInfo>(new CommandDefinition(
            """
            select a.asset_id, a.name, a.created_at, newest.asset_event_id as last_event_id, newest.occurred_at as last_event_at, newest.row_count as last_row_count
            from orchestration.asset a
            left join lateral (
              select e.asset_event_id, e.occurred_at, e.row_count
              from orchestration.asset_event e
              where e.asset = a.name
              order by e.asset_event_id desc
              limit 1
            ) newest on true
            where @nameContains::text is null or position(lower(@nameContains) in lower(a.name)) > 0
            order by a.name
            limit @limit
            offset @offset
            """,
            parameters, cancellationToken: cancellationToken))).AsList();
        var uses = (await UsesAsync(connection, [.. assets.Select(a => a.Name)], cancellationToken)).ToLookup(u => u.Asset);
        return ([.. assets.Select(a => a with { Uses = [.. uses[a.Name]] })], total);
    }

    /// <summary>Who writes, reads and waits for which asset, over all active DAGs: the edges of the asset graph.</summary>
    public async Task<IReadOnlyList<AssetUse>> GraphAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await UsesAsync(connection, null, cancellationToken);
    }

    /// <summary>Events, newest first, with the runs they started; every filter is optional.</summary>
    public async Task<(IReadOnlyList<AssetEventInfo> Events, int Total)> EventsAsync(
        string? asset, string? sourceDagId, string? sourceTaskId, int limit, int offset, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var parameters = new { asset, sourceDagId, sourceTaskId, limit, offset };
        var total = await connection.ExecuteScalarAsync<int>(new CommandDefinition(
            """
            select count(*)
            from orchestration.asset_event e
            where (@asset::text is null or e.asset = @asset)
              and (@sourceDagId::text is null or e.dag_id = @sourceDagId)
              and (@sourceTaskId::text is null or e.task_id = @sourceTaskId)
            """,
            parameters, cancellationToken: cancellationToken));
        var events = (await connection.QueryAsync<AssetEventInfo>(new CommandDefinition(
            $"""
            select {EventColumns}
            from orchestration.asset_event e
            join orchestration.asset a on a.name = e.asset
            where (@asset::text is null or e.asset = @asset)
              and (@sourceDagId::text is null or e.dag_id = @sourceDagId)
              and (@sourceTaskId::text is null or e.task_id = @sourceTaskId)
            order by e.asset_event_id desc
            limit @limit
            offset @offset
            """,
            parameters, cancellationToken: cancellationToken))).AsList();
        return (await WithRunsAsync(connection, events, cancellationToken), total);
    }

    /// <summary>The events that caused a run, oldest first.</summary>
    public async Task<IReadOnlyList<AssetEventInfo>> CausesAsync(long runId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var events = (await connection.QueryAsync<AssetEventInfo>(new CommandDefinition(
            $"""
            select {EventColumns}
            from orchestration.asset_delivery used
            join orchestration.asset_event e on e.asset_event_id = used.asset_event_id
            join orchestration.asset a on a.name = e.asset
            where used.run_id = @runId
            order by e.asset_event_id
            """,
            new { runId }, cancellationToken: cancellationToken))).AsList();
        return await WithRunsAsync(connection, events, cancellationToken);
    }

    private static async Task<IReadOnlyList<AssetEventInfo>> WithRunsAsync(NpgsqlConnection connection, List<AssetEventInfo> events, CancellationToken cancellationToken)
    {
        var runs = (await connection.QueryAsync<StartedRun>(new CommandDefinition(
            """
            select used.asset_event_id, r.run_id, r.dag_id, r.run_key, r.state, r.logical_date, r.data_interval_start, r.data_interval_end, r.started_at, r.ended_at
            from orchestration.asset_delivery used
            join orchestration.dag_run r on r.run_id = used.run_id
            where used.asset_event_id = any(@ids)
            order by r.run_id
            """,
            new { ids = events.Select(e => e.AssetEventId).ToArray() }, cancellationToken: cancellationToken))).ToLookup(r => r.AssetEventId);
        return [.. events.Select(e => e with { CreatedRuns = [.. runs[e.AssetEventId].Select(r => r.ToInfo())] })];
    }

    private static async Task<IReadOnlyList<AssetUse>> UsesAsync(NpgsqlConnection connection, string[]? names, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<AssetUse>(new CommandDefinition(
            """
            select u.asset, u.dag_id, u.role, u.task_id
            from orchestration.dag_asset u
            join orchestration.dag d on d.dag_id = u.dag_id
            where d.is_active
              and (@names::text[] is null or u.asset = any(@names))
            order by u.asset, u.role desc, u.dag_id, u.task_id
            """,
            new { names }, cancellationToken: cancellationToken))).AsList();

    private sealed record StartedRun
    {
        public long AssetEventId { get; init; }

        public long RunId { get; init; }

        public string DagId { get; init; } = "";

        public string RunKey { get; init; } = "";

        public string State { get; init; } = "";

        public DateTimeOffset LogicalDate { get; init; }

        public DateTimeOffset DataIntervalStart { get; init; }

        public DateTimeOffset DataIntervalEnd { get; init; }

        public DateTimeOffset? StartedAt { get; init; }

        public DateTimeOffset? EndedAt { get; init; }

        public RunInfo ToInfo() => new()
        {
            RunId = RunId, DagId = DagId, RunKey = RunKey, State = State, LogicalDate = LogicalDate, DataIntervalStart = DataIntervalStart,
            DataIntervalEnd = DataIntervalEnd, StartedAt = StartedAt, EndedAt = EndedAt,
        };
    }
}
