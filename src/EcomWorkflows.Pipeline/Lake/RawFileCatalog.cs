using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Pipeline.Lake;

/// <summary>The catalog's rows of raw files in PostgreSQL.</summary>
internal sealed class RawFileCatalog(NpgsqlDataSource database)
{
    /// <summary>Records a raw file inside the fenced transaction; the same bytes of the same entity are recorded once, in the place where they were copied to last: the file elsewhere is garbage.</summary>
    /// <exception cref="TaskFailedException">It was known when the attempt began, and dropped since; another try copies it again.</exception>
    public static async Task UpsertAsync(PublishScope scope, RawFile file, CancellationToken cancellationToken)
    {
        var recorded = await scope.Connection.ExecuteAsync(new CommandDefinition(
            """
            insert into lake.raw_file as known (source, entity, path, sha256, bytes, original, rows, version, run_id, attempt_id)
            select @Source, @Entity, @Path, @Sha256, @Bytes, @Original, @Rows, @Version, @RunId, @AttemptId
            where not @IsKnown
              or exists (select from lake.raw_file where source = @Source and entity = @Entity and sha256 = @Sha256 for update)
            on conflict (source, entity, sha256) do update
            set last_ingested = clock_timestamp(),
                path = case when @IsKnown then known.path else excluded.path end,
                rows = coalesce(excluded.rows, known.rows),
                original = case when excluded.version is null then known.original else excluded.original end,
                version = coalesce(excluded.version, known.version)
            """,
            new { file.Source, file.Entity, file.Path, file.Sha256, file.Bytes, file.Original, file.Rows, file.Version, file.IsKnown, scope.Attempt.RunId, scope.Attempt.AttemptId },
            scope.Transaction, cancellationToken: cancellationToken));
        if (recorded == 0)
            throw new TaskFailedException($"{file.Path} was dropped (./ecom lake expire-raw) while this attempt read it. Nothing was published; another try copies it again.", FailureCause.Dependency);
    }

    /// <summary>Whether a file of the entity has so many bytes.</summary>
    public async Task<bool> HasSizeAsync(string source, string entity, long bytes, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select from lake.raw_file where source = @source and entity = @entity and bytes = @bytes)",
            new { source, entity, bytes }, cancellationToken: cancellationToken));
    }

    /// <summary>The raw file with these bytes, where it was ingested before.</summary>
    public Task<RawFile?> FindAsync(string source, string entity, string sha256, CancellationToken cancellationToken) =>
        QueryAsync("sha256 = @sha256", new { source, entity, sha256 }, cancellationToken);

    /// <summary>The raw file that came from this place in this version.</summary>
    public Task<RawFile?> FindVersionAsync(string source, string entity, string original, string version, CancellationToken cancellationToken) =>
        QueryAsync("original = @original and version = @version", new { source, entity, original, version }, cancellationToken);

    /// <summary>Raw files of an entity whose bytes came last before a time, the oldest first, with the tables that have a snapshot made of them.</summary>
    public async Task<IReadOnlyList<RawFileAge>> BeforeAsync(string source, string entity, DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. (await connection.QueryAsync<(long RawFileId, string Path, string Sha256, long Bytes, DateTime LastIngested, string[] MadeOfIt)>(new CommandDefinition(
            """
            select
              r.raw_file_id, r.path, r.sha256, r.bytes, r.last_ingested,
              array(
                select s.layer || '.' || s.source || '.' || s.name || ' (' || count(*) || case when count(*) = 1 then ' snapshot)' else ' snapshots)' end
                from lake.snapshot s
                join lake.file f on f.snapshot_id = s.snapshot_id
                where s.source = r.source
                  and s.name = r.entity
                  and starts_with(f.derived_from, 'raw ' || r.sha256 || ' ')
                group by s.layer, s.source, s.name
                order by s.layer)
            from lake.raw_file r
            where r.source = @source
              and r.entity = @entity
              and r.last_ingested < @before
            order by r.last_ingested, r.raw_file_id
            """,
            new { source, entity, before = before.UtcDateTime }, cancellationToken: cancellationToken)))
            .Select(r => new RawFileAge(r.RawFileId, r.Path, r.Sha256, r.Bytes, new DateTimeOffset(r.LastIngested), r.MadeOfIt))];
    }

    /// <summary>Forgets a raw file; false where it has come again since.</summary>
    public async Task<bool> DeleteAsync(long rawFileId, DateTimeOffset lastIngested, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            "delete from lake.raw_file where raw_file_id = @rawFileId and last_ingested = @lastIngested",
            new { rawFileId, lastIngested = lastIngested.UtcDateTime }, cancellationToken: cancellationToken)) > 0;
    }

    private async Task<RawFile?> QueryAsync(string condition, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QueryFirstOrDefaultAsync<FileRow>(new CommandDefinition(
            $"""
            select source, entity, path, sha256, bytes, original, rows, version
            from lake.raw_file
            where source = @source
              and entity = @entity
              and {condition}
            order by raw_file_id desc
            limit 1
            """,
            parameters, cancellationToken: cancellationToken)) is { } row ? row.ToFile() : null;
    }

    private sealed record FileRow
    {
        public string Source { get; init; } = "";

        public string Entity { get; init; } = "";

        public string Path { get; init; } = "";

        public string Sha256 { get; init; } = "";

        public long Bytes { get; init; }

        public string Original { get; init; } = "";

        public long? Rows { get; init; }

        public string? Version { get; init; }

        public RawFile ToFile() => new(Source, Entity, Path, Sha256, Bytes, Original) { Rows = Rows, Version = Version, IsKnown = true };
    }
}
