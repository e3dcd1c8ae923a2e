using System.Text.Json;
using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Pipeline.Lake;

/// <summary>The catalog's rows in PostgreSQL.</summary>
internal sealed class LakeCatalog(NpgsqlDataSource database)
{
    private const string SnapshotColumns =
        """
        snapshot_id, layer, source, name, created_at, data_interval_start, data_interval_end, run_id, attempt_id, rows, bytes, columns::text as columns
        """;

    /// <summary>
    /// The data interval that content of a run gets. A run without a schedule has none but the moment it was made: what it publishes takes the place of what is current, and
    /// what a scheduled run publishes for the same interval follows it.
    /// </summary>
    public static async Task<(DateTimeOffset Start, DateTimeOffset End)> IntervalAsync(
        NpgsqlTransaction transaction, LakeTableName table, (DateTimeOffset Start, DateTimeOffset End) ofRun, CancellationToken cancellationToken)
    {
        if (ofRun.Start < ofRun.End)
            return ofRun;
        var current = await transaction.Connection!.QueryAsync<(DateTime Start, DateTime End)>(new CommandDefinition(
            """
            select data_interval_start, data_interval_end
            from lake.snapshot
            where layer = @Layer and source = @Source and name = @Name
            order by data_interval_end desc, snapshot_id desc
            limit 1
            """,
            new { table.Layer, table.Source, table.Name }, transaction, cancellationToken: cancellationToken));
        return current.SingleOrDefault() is var (start, end) && start < end && end < ofRun.End.UtcDateTime ? (new DateTimeOffset(start), new DateTimeOffset(end)) : ofRun;
    }

    /// <summary>Makes sure that files an attempt found instead of making them are still named, and are until the transaction ends: garbage is collected while attempts run.</summary>
    /// <exception cref="TaskFailedException">One is not; another try makes it anew.</exception>
    public static async Task HoldAsync(NpgsqlTransaction transaction, long attemptId, IReadOnlyList<LakeFile> files, CancellationToken cancellationToken)
    {
        var found = files.Select(file => file.Path).Where(path => !path.Contains($"/attempt={attemptId}/", StringComparison.Ordinal)).ToArray();
        if (found.Length == 0)
            return;
        var named = await transaction.Connection!.QueryAsync<string>(new CommandDefinition(
            "select path from lake.file where path = any(@found) for key share", new { found }, transaction, cancellationToken: cancellationToken));
        if (found.Except(named).FirstOrDefault() is { } gone)
            throw new TaskFailedException($"The last snapshot with {gone} expired (./ecom lake gc) while this attempt went on from it. Nothing was published; another try makes it anew.", FailureCause.Dependency);
    }

    /// <summary>Adds a snapshot with its files.</summary>
    /// <param name="runId">0, and <paramref name="attemptId"/> too, where no run made it.</param>
    public static async Task<(long SnapshotId, DateTimeOffset CreatedAt)> InsertAsync(
        NpgsqlTransaction transaction, LakeTableName table, (DateTimeOffset Start, DateTimeOffset End) interval, long runId, long attemptId,
        IReadOnlyList<LakeFile> files, IReadOnlyList<LakeColumn> columns, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        var (snapshotId, createdAt) = await connection.QuerySingleAsync<(long, DateTime)>(new CommandDefinition(
            """
            insert into lake.snapshot (layer, source, name, data_interval_start, data_interval_end, run_id, attempt_id, rows, bytes, columns)
            values (@Layer, @Source, @Name, @Start, @End, @runId, @attemptId, @rows, @bytes, @columns::jsonb)
            returning snapshot_id, created_at
            """,
            new
            {
                table.Layer, table.Source, table.Name, Start = interval.Start.UtcDateTime, End = interval.End.UtcDateTime, runId, attemptId,
                rows = files.Sum(f => f.Rows), bytes = files.Sum(f => f.Bytes), columns = JsonSerializer.Serialize(columns, TaskJson.Options),
            },
            transaction, cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into lake.file (snapshot_id, position, path, rows, bytes, sha256, partition, derived_from)
            select @snapshotId, position, path, rows, bytes, sha256, partition, derived_from
            from unnest(@Paths, @Rows, @Bytes, @Hashes, @Partitions, @Origins) with ordinality
              as file (path, rows, bytes, sha256, partition, derived_from, position)
            """,
            new
            {
                snapshotId,
                Paths = files.Select(f => f.Path).ToArray(),
                Rows = files.Select(f => f.Rows).ToArray(),
                Bytes = files.Select(f => f.Bytes).ToArray(),
                Hashes = files.Select(f => f.Sha256).ToArray(),
                Partitions = files.Select(f => f.Partition).ToArray(),
                Origins = files.Select(f => f.DerivedFrom).ToArray(),
            },
            transaction, cancellationToken: cancellationToken));
        return (snapshotId, new DateTimeOffset(createdAt));
    }

    /// <summary>The newest snapshot a run published; without one, or without a run, the table's current content.</summary>
    public async Task<LakeSnapshot?> FindAsync(LakeTableName table, long? runId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QueryFirstOrDefaultAsync<SnapshotRow>(new CommandDefinition(
            $"""
            with of_run as (
              select *
              from lake.snapshot
              where layer = @Layer and source = @Source and name = @Name and run_id = @runId
              order by data_interval_end desc, snapshot_id desc
              limit 1
            ),
            current as (
              select *
              from lake.snapshot
              where layer = @Layer and source = @Source and name = @Name
              order by data_interval_end desc, snapshot_id desc
              limit 1
            )
            select {SnapshotColumns} from of_run
            union all
            select {SnapshotColumns} from current where not exists (select from of_run)
            """,
            new { table.Layer, table.Source, table.Name, runId }, cancellationToken: cancellationToken));
        return row is null ? null : await WithFilesAsync(connection, row, cancellationToken);
    }

    public async Task<LakeSnapshot?> GetAsync(long snapshotId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<SnapshotRow>(new CommandDefinition(
            $"select {SnapshotColumns} from lake.snapshot where snapshot_id = @snapshotId", new { snapshotId }, cancellationToken: cancellationToken));
        return row is null ? null : await WithFilesAsync(connection, row, cancellationToken);
    }

    public async Task<IReadOnlyList<LakeSnapshot>> HistoryAsync(LakeTableName table, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<SnapshotRow>(new CommandDefinition(
            $"""
            select {SnapshotColumns}
            from lake.snapshot
            where layer = @Layer and source = @Source and name = @Name
            order by snapshot_id desc
            limit @limit
            """,
            new { table.Layer, table.Source, table.Name, limit }, cancellationToken: cancellationToken))).AsList();
        var snapshots = new List<LakeSnapshot>(rows.Count);
        foreach (var row in rows)
            snapshots.Add(await WithFilesAsync(connection, row, cancellationToken));
        return snapshots;
    }

    public async Task<IReadOnlyList<LakeTableName>> TablesAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. (await connection.QueryAsync<(string Layer, string Source, string Name)>(new CommandDefinition(
            "select layer, source, name from lake.current_snapshot order by 1, 2, 3", cancellationToken: cancellationToken)))
            .Select(t => new LakeTableName(t.Layer, t.Source, t.Name))];
    }

    /// <summary>A file of this table made from exactly <paramref name="origin"/> before; null where there is none.</summary>
    public async Task<LakeFile?> FindDerivedAsync(LakeTableName table, string origin, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QueryFirstOrDefaultAsync<FileRow>(new CommandDefinition(
            """
            select f.path, f.rows, f.bytes, f.sha256, f.partition, f.derived_from
            from lake.file f
            join lake.snapshot s on s.snapshot_id = f.snapshot_id
            where f.derived_from = @origin
              and s.layer = @Layer and s.source = @Source and s.name = @Name
            order by s.snapshot_id desc
            limit 1
            """,
            new { origin, table.Layer, table.Source, table.Name }, cancellationToken: cancellationToken)) is { } row ? row.ToFile() : null;
    }

    /// <summary>All paths that anything in the catalog names, but for these snapshots.</summary>
    public async Task<HashSet<string>> ReferencedPathsAsync(IReadOnlyCollection<long> withoutSnapshots, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<string>(new CommandDefinition(
            """
            select path from lake.file where snapshot_id <> all(@ids)
            union
            select path from lake.raw_file
            """,
            new { ids = withoutSnapshots.ToArray() }, cancellationToken: cancellationToken))];
    }

    /// <summary>Snapshots from before a time that are neither among the newest of their table, nor its current content, nor what an incremental source goes on from.</summary>
    public async Task<IReadOnlyList<long>> ExpiredAsync(DateTimeOffset before, int keep, IReadOnlyCollection<long> held, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<long>(new CommandDefinition(
            """
            with ranked as (
              select
                snapshot_id,
                created_at,
                row_number() over (partition by layer, source, name order by snapshot_id desc) as newest,
                row_number() over (partition by layer, source, name order by data_interval_end desc, snapshot_id desc) as current
              from lake.snapshot
            )
            select snapshot_id
            from ranked
            where created_at < @before
              and newest > @keep
              and current > 1
              and snapshot_id <> all (@held)
              and not exists (
                select
                from lake.source_state
                where snapshot_id in ((state ->> 'bronzeSnapshot')::bigint, (state ->> 'rejectsSnapshot')::bigint))
            order by snapshot_id
            """,
            new { before, keep, held = held.ToArray() }, cancellationToken: cancellationToken))).AsList();
    }

    public async Task DeleteSnapshotsAsync(IReadOnlyCollection<long> snapshotIds, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "delete from lake.snapshot where snapshot_id = any(@ids)", new { ids = snapshotIds.ToArray() }, cancellationToken: cancellationToken));
    }

    public async Task<IReadOnlyList<LakeTableSummary>> SummariesAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. (await connection.QueryAsync<(string Name, long Snapshots, long SnapshotId, DateTime CreatedAt, DateTime DataIntervalEnd, long RunId, long Rows, long Bytes, long Files)>(new CommandDefinition(
            """
            select
              layer || '.' || source || '.' || name,
              (select count(*) from lake.snapshot a where (a.layer, a.source, a.name) = (s.layer, s.source, s.name)),
              snapshot_id,
              created_at,
              data_interval_end,
              run_id,
              rows,
              bytes,
              (select count(*) from lake.file f where f.snapshot_id = s.snapshot_id)
            from lake.current_snapshot s
            order by layer, source, name
            """,
            cancellationToken: cancellationToken)))
            .Select(t => new LakeTableSummary(t.Name, t.Snapshots, t.SnapshotId, new DateTimeOffset(t.CreatedAt), new DateTimeOffset(t.DataIntervalEnd), t.RunId, t.Rows, t.Bytes, t.Files))];
    }

    private static async Task<LakeSnapshot> WithFilesAsync(NpgsqlConnection connection, SnapshotRow row, CancellationToken cancellationToken)
    {
        var files = await connection.QueryAsync<FileRow>(new CommandDefinition(
            """
            select path, rows, bytes, sha256, partition, derived_from
            from lake.file
            where snapshot_id = @SnapshotId
            order by position
            """,
            new { row.SnapshotId }, cancellationToken: cancellationToken));
        return new LakeSnapshot(
            row.SnapshotId, new LakeTableName(row.Layer, row.Source, row.Name), row.CreatedAt, row.DataIntervalStart, row.DataIntervalEnd, row.RunId,
            row.AttemptId, row.Rows, row.Bytes, JsonSerializer.Deserialize<List<LakeColumn>>(row.Columns, TaskJson.Options) ?? [],
            [.. files.Select(f => f.ToFile())]);
    }

    private sealed record SnapshotRow
    {
        public long SnapshotId { get; init; }

        public string Layer { get; init; } = "";

        public string Source { get; init; } = "";

        public string Name { get; init; } = "";

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset DataIntervalStart { get; init; }

        public DateTimeOffset DataIntervalEnd { get; init; }

        public long RunId { get; init; }

        public long AttemptId { get; init; }

        public long Rows { get; init; }

        public long Bytes { get; init; }

        public string Columns { get; init; } = "[]";
    }

    private sealed record FileRow
    {
        public string Path { get; init; } = "";

        public long Rows { get; init; }

        public long Bytes { get; init; }

        public string Sha256 { get; init; } = "";

        public string? Partition { get; init; }

        public string? DerivedFrom { get; init; }

        public LakeFile ToFile() => new(Path, Rows, Bytes, Sha256, Partition, DerivedFrom);
    }
}
