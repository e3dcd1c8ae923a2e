using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Pipeline.Lake;

/// <summary>
/// The lake: Parquet files in a folder, made visible only by the catalog. A task writes under its attempt's own folder and publishes inside its fenced
/// transaction; readers ask the catalog, never the folder.
/// </summary>
public sealed class LakeStore(NpgsqlDataSource database, PipelineOptions options, TimeProvider time)
{
    private readonly LakeCatalog catalog = new(database);

    /// <summary>Absolute path for a new file of a table, in the attempt's own folder; the folder exists afterwards.</summary>
    public string NewFile(TaskContext context, LakeTableName table, string name = "part-0.parquet")
    {
        var folder = Path.Combine(options.LakeFolder, table.Layer, table.Source, table.Name, $"attempt={context.Attempt.AttemptId}");
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, name);
    }

    public string Absolute(string relativePath) => Path.Combine(options.LakeFolder, relativePath);

    /// <summary>Rows (from the Parquet footer), size and hash of a written file, which is on the disk when this returns.</summary>
    /// <param name="rows">The rows, where the writer knows them.</param>
    public async Task<LakeFile> DescribeAsync(string absolutePath, CancellationToken cancellationToken, string? derivedFrom = null, long? rows = null)
    {
        rows ??= await Task.Run(() => CountRows(absolutePath, cancellationToken), cancellationToken);
        await using var stream = File.OpenRead(absolutePath);
        // The catalog's commit survives a power failure, so the file it names has to.
        RandomAccess.FlushToDisk(stream.SafeFileHandle);
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
        return new LakeFile(Path.GetRelativePath(options.LakeFolder, absolutePath), rows.Value, stream.Length, sha256, DerivedFrom: derivedFrom);
    }

    /// <summary>Names and types of the columns of a Parquet file.</summary>
    public static IReadOnlyList<LakeColumn> Columns(DuckDbConnection duck, string absolutePath, CancellationToken cancellationToken) =>
        duck.QueryRows(
            $"select column_name, column_type from (describe select * from read_parquet({Quote(absolutePath)}, hive_partitioning = false))",
            row => new LakeColumn(row.Get<string>(0), row.Get<string>(1)), ct: cancellationToken);

    /// <summary>Makes files the newest snapshot of a table; they become visible when the fenced transaction commits. Files of earlier snapshots may be named again.</summary>
    public async Task<LakeSnapshot> PublishAsync(
        PublishScope scope, TaskContext context, LakeTableName table, IReadOnlyList<LakeFile> files, IReadOnlyList<LakeColumn> columns,
        CancellationToken cancellationToken)
    {
        var (snapshotId, createdAt) = await LakeCatalog.InsertAsync(scope, context, table, files, columns, cancellationToken);
        if (context.Outlets.Contains(table.ToString()))
        {
            await context.RecordAssetAsync(
                scope, table.ToString(), files.Sum(f => f.Rows), new JsonObject { ["snapshotId"] = snapshotId, ["bytes"] = files.Sum(f => f.Bytes) }, cancellationToken);
        }
        return new LakeSnapshot(
            snapshotId, table, createdAt, context.DataIntervalStart, context.DataIntervalEnd, scope.Attempt.RunId, scope.Attempt.AttemptId,
            files.Sum(f => f.Rows), files.Sum(f => f.Bytes), columns, files);
    }

    /// <summary>The newest snapshot this run published; otherwise the table's current content; null where it has none.</summary>
    public Task<LakeSnapshot?> FindAsync(LakeTableName table, TaskContext context, CancellationToken cancellationToken) =>
        catalog.FindAsync(table, context.Attempt.RunId, cancellationToken);

    /// <summary>As <see cref="FindAsync"/>, for a table the task cannot do without.</summary>
    /// <exception cref="TaskFailedException">Nothing was ever published to the table.</exception>
    public async Task<LakeSnapshot> RequireAsync(LakeTableName table, TaskContext context, CancellationToken cancellationToken) =>
        await FindAsync(table, context, cancellationToken) ?? throw new TaskFailedException(
            $"Lake table {table} has never been published. Run the task that publishes it before '{context.Attempt.TaskId}'.", FailureCause.BadData, retryable: false);

    /// <summary>The table's current content: the snapshot of the latest data interval, then the newest.</summary>
    public Task<LakeSnapshot?> CurrentAsync(LakeTableName table, CancellationToken cancellationToken) => catalog.FindAsync(table, runId: null, cancellationToken);

    /// <summary>A snapshot by its id: time travel.</summary>
    public Task<LakeSnapshot?> GetAsync(long snapshotId, CancellationToken cancellationToken) => catalog.GetAsync(snapshotId, cancellationToken);

    public Task<IReadOnlyList<LakeSnapshot>> HistoryAsync(LakeTableName table, CancellationToken cancellationToken, int limit = 100) =>
        catalog.HistoryAsync(table, limit, cancellationToken);

    public Task<IReadOnlyList<LakeTableName>> TablesAsync(CancellationToken cancellationToken) => catalog.TablesAsync(cancellationToken);

    /// <summary>A file of this table that was made from exactly the same before, and is still there.</summary>
    public async Task<LakeFile?> FindDerivedAsync(LakeTableName table, string origin, CancellationToken cancellationToken) =>
        await catalog.FindDerivedAsync(table, origin, cancellationToken) is { } file && File.Exists(Absolute(file.Path)) ? file : null;

    /// <summary>Records a raw file inside the fenced transaction; the same bytes of the same entity are recorded once.</summary>
    public Task RegisterRawAsync(PublishScope scope, RawFile file, CancellationToken cancellationToken) => LakeCatalog.UpsertRawAsync(scope, file, cancellationToken);

    /// <summary>The raw file with these bytes, where it was ingested before and is still there.</summary>
    public async Task<RawFile?> FindRawAsync(string source, string entity, string sha256, CancellationToken cancellationToken) =>
        await catalog.FindRawAsync(source, entity, sha256, cancellationToken) is { } file && File.Exists(Absolute(file.Path)) ? file : null;

    /// <summary>The raw file that came from this place in this version, where it was ingested before and is still there.</summary>
    public async Task<RawFile?> FindRawVersionAsync(string source, string entity, string original, string version, CancellationToken cancellationToken) =>
        await catalog.FindRawVersionAsync(source, entity, original, version, cancellationToken) is { } file && File.Exists(Absolute(file.Path)) ? file : null;

    /// <summary>What ingestion remembered of a source's entity; null where nothing was.</summary>
    public async Task<TState?> ReadStateAsync<TState>(string source, string entity, CancellationToken cancellationToken)
        where TState : class =>
        await catalog.ReadStateAsync(source, entity, cancellationToken) is { } json ? JsonSerializer.Deserialize<TState>(json, TaskJson.Options) : null;

    /// <summary>Remembers how far a source was read, in the transaction that publishes the data.</summary>
    /// <param name="before">What was read at the start of the attempt.</param>
    /// <exception cref="TaskFailedException">Another run has read further in the meantime; another try starts from there.</exception>
    public static async Task WriteStateAsync<TState>(
        PublishScope scope, string source, string entity, TState? before, TState after, CancellationToken cancellationToken)
        where TState : class
    {
        var written = await LakeCatalog.WriteStateAsync(
            scope, source, entity, before is null ? null : JsonSerializer.Serialize(before, TaskJson.Options), JsonSerializer.Serialize(after, TaskJson.Options), cancellationToken);
        if (!written)
            throw new TaskFailedException($"Another run has ingested {entity} of {source} while this one read it. Nothing was published; another try goes on from there.");
    }

    /// <summary>Makes the next run read an entity from its beginning; false where nothing was remembered.</summary>
    public Task<bool> ForgetStateAsync(string source, string entity, CancellationToken cancellationToken) => catalog.DeleteStateAsync(source, entity, cancellationToken);

    /// <summary>SQL table expression over a snapshot's files; an empty relation with the right columns where it has none.</summary>
    public string Scan(LakeSnapshot snapshot)
    {
        var files = snapshot.Files.Where(f => f.Rows > 0).Select(f => Quote(Absolute(f.Path))).ToList();
        if (files.Count > 0)
            // The attempt=… in a file's path says who wrote it; it is no column.
            return $"read_parquet([{string.Join(", ", files)}], hive_partitioning = false)";
        var columns = snapshot.Columns.Count == 0
            ? "null as nothing"
            : string.Join(", ", snapshot.Columns.Select(c => $"cast(null as {c.Type}) as \"{c.Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));
        return $"(select {columns} where false)";
    }

    /// <summary>Deletes files that no snapshot names: what failed attempts left behind.</summary>
    /// <param name="olderThan">Younger files are left alone: a running attempt may be about to publish them.</param>
    /// <returns>The paths, relative to the lake folder, that were (or in a dry run would be) deleted, with their bytes.</returns>
    public async Task<IReadOnlyList<(string Path, long Bytes)>> CollectGarbageAsync(TimeSpan olderThan, bool dryRun, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(options.LakeFolder))
            return [];
        var before = time.GetUtcNow().UtcDateTime - olderThan;
        // Listed before the catalog is asked: a file published in between is then in the catalog, never the other way round.
        var candidates = new DirectoryInfo(options.LakeFolder).EnumerateFiles("*", SearchOption.AllDirectories).Where(f => f.LastWriteTimeUtc < before).ToList();
        var referenced = await catalog.ReferencedPathsAsync(cancellationToken);
        var garbage = candidates
            .Select(f => (File: f, Path: Path.GetRelativePath(options.LakeFolder, f.FullName)))
            .Where(f => !referenced.Contains(f.Path))
            .Select(f => (f.File, f.Path, Bytes: f.File.Length))
            .ToList();
        if (!dryRun)
            garbage.ForEach(g => g.File.Delete());
        return [.. garbage.Select(g => (g.Path, g.Bytes))];
    }

    private static long CountRows(string absolutePath, CancellationToken cancellationToken)
    {
        using var duck = DuckDbConnection.Open(new DuckDbOptions { Threads = 1, MemoryLimit = "128MB" });
        return duck.Scalar<long>($"select coalesce(sum(num_rows), 0)::bigint from parquet_file_metadata({Quote(absolutePath)})", ct: cancellationToken);
    }

    /// <summary>A SQL string literal.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
