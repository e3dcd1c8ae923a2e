using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake.Objects;
using Npgsql;

namespace EcomWorkflows.Pipeline.Lake;

/// <summary>
/// The lake: Parquet files in a folder, made visible only by the catalog. A task writes under its attempt's own folder and publishes inside its fenced
/// transaction; readers ask the catalog, never the folder.
/// </summary>
/// <param name="stores">Opens the bucket where <see cref="PipelineOptions.LakeLocation"/> names one; the folder is then a cache of it.</param>
/// <param name="attempts">Knows the attempts whose files are no garbage yet; null where no orchestrator runs any.</param>
public sealed class LakeStore(
    NpgsqlDataSource database, PipelineOptions options, TimeProvider time, ObjectStores? stores = null, IEnumerable<ISnapshotHolder>? holders = null, IOpenAttempts? attempts = null)
{
    private readonly LakeCatalog catalog = new(database);
    private readonly RawFileCatalog rawFiles = new(database);
    private readonly SourceStateCatalog states = new(database);
    private readonly LakeBucket bucket = new(stores, options);
    private readonly LakeContents contents = new(new LakeBucket(stores, options), options);

    /// <summary>Absolute path for a new file of a table, in the attempt's own folder; the folder exists afterwards.</summary>
    public string NewFile(TaskContext context, LakeTableName table, string name = "part-0.parquet")
    {
        var folder = Path.Combine(options.LakeFolder, table.Layer, table.Source, table.Name, $"attempt={context.Attempt.AttemptId}");
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, name);
    }

    /// <summary>Where a file of the lake is on this machine; where a bucket holds the lake, only after it was asked for by one of the methods that find things.</summary>
    public string Absolute(string relativePath) => Path.Combine(options.LakeFolder, relativePath);

    /// <summary>As <see cref="Absolute"/>, fetching the file from the lake's bucket where it is not here yet.</summary>
    /// <exception cref="TaskFailedException">It is neither here nor there, or not what the catalog names.</exception>
    public async Task<string> LocalAsync(string relativePath, string sha256, CancellationToken cancellationToken) =>
        await bucket.TryFetchAsync(relativePath, sha256, cancellationToken) ? Absolute(relativePath) : throw Lost(relativePath);

    /// <summary>The files of a snapshot, to be named by another one: where a bucket holds the lake, it has all of them when this returns. None where there is no such snapshot.</summary>
    /// <exception cref="TaskFailedException">One is neither here nor there, or not what the catalog names.</exception>
    internal async Task<IReadOnlyList<LakeFile>> FilesToNameAgainAsync(long snapshotId, CancellationToken cancellationToken)
    {
        var files = (await catalog.GetAsync(snapshotId, cancellationToken))?.Files ?? [];
        foreach (var file in files)
        {
            if (bucket.IsUsed && !await bucket.TryReuseAsync(file.Path, file.Bytes, file.Sha256, cancellationToken))
                throw Lost(file.Path);
        }
        return files;
    }

    /// <summary>Makes a file of the folder last: where a bucket holds the lake, it is there when this returns.</summary>
    internal Task KeepAsync(string relativePath, CancellationToken cancellationToken) => bucket.KeepAsync(relativePath, cancellationToken);

    /// <summary>Rows (from the Parquet footer), size and hash of a written file, which is on the disk when this returns.</summary>
    /// <param name="rows">The rows, where the writer knows them.</param>
    public async Task<LakeFile> DescribeAsync(string absolutePath, CancellationToken cancellationToken, string? derivedFrom = null, long? rows = null)
    {
        rows ??= await Task.Run(() => CountRows(absolutePath, cancellationToken), cancellationToken);
        using var file = File.OpenHandle(absolutePath);
        var hashed = FileHash.Sha256Async(file, cancellationToken);
        // The catalog's commit survives a power failure, so the file it names has to.
        await Task.WhenAll(hashed, Task.Run(() => RandomAccess.FlushToDisk(file), cancellationToken));
        var relativePath = Path.GetRelativePath(options.LakeFolder, absolutePath);
        await bucket.KeepAsync(relativePath, cancellationToken);
        return new LakeFile(relativePath, rows.Value, RandomAccess.GetLength(file), await hashed, DerivedFrom: derivedFrom);
    }

    /// <summary>Names and types of the columns of a Parquet file.</summary>
    public static IReadOnlyList<LakeColumn> Columns(DuckDbConnection duck, string absolutePath, CancellationToken cancellationToken) =>
        duck.QueryRows(
            $"select column_name, column_type from (describe select * from read_parquet({Quote(absolutePath)}, hive_partitioning = false))",
            row => new LakeColumn(row.Get<string>(0), row.Get<string>(1)), ct: cancellationToken);

    /// <summary>Makes files the newest snapshot of a table; they become visible when the fenced transaction commits. Files of earlier snapshots may be named again.</summary>
    /// <exception cref="TaskFailedException">A file of an earlier snapshot is no longer named by any; another try makes it anew.</exception>
    public async Task<LakeSnapshot> PublishAsync(
        PublishScope scope, TaskContext context, LakeTableName table, IReadOnlyList<LakeFile> files, IReadOnlyList<LakeColumn> columns,
        CancellationToken cancellationToken)
    {
        var interval = await LakeCatalog.IntervalAsync(scope.Transaction, table, (context.DataIntervalStart, context.DataIntervalEnd), cancellationToken);
        await LakeCatalog.HoldAsync(scope.Transaction, scope.Attempt.AttemptId, files, cancellationToken);
        var (snapshotId, createdAt) = await LakeCatalog.InsertAsync(
            scope.Transaction, table, interval, scope.Attempt.RunId, scope.Attempt.AttemptId, files, columns, cancellationToken);
        if (context.Outlets.Contains(table.ToString()))
        {
            await context.RecordAssetAsync(
                scope, table.ToString(), files.Sum(f => f.Rows), new JsonObject { ["snapshotId"] = snapshotId, ["bytes"] = files.Sum(f => f.Bytes) }, cancellationToken);
        }
        return new LakeSnapshot(
            snapshotId, table, createdAt, interval.Start, interval.End, scope.Attempt.RunId, scope.Attempt.AttemptId,
            files.Sum(f => f.Rows), files.Sum(f => f.Bytes), columns, files);
    }

    /// <summary>
    /// Makes files a table's current content outside of any run, when the transaction commits: the snapshot gets the data interval of what is current now, or else
    /// <paramref name="asOf"/>, so the next run's content follows it.
    /// </summary>
    public async Task<long> RestoreAsync(
        NpgsqlTransaction transaction, LakeTableName table, IReadOnlyList<LakeFile> files, IReadOnlyList<LakeColumn> columns, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        var current = await catalog.FindAsync(table, runId: null, cancellationToken);
        var interval = current is null ? (asOf, asOf) : (current.DataIntervalStart, current.DataIntervalEnd);
        return (await LakeCatalog.InsertAsync(transaction, table, interval, runId: 0, attemptId: 0, files, columns, cancellationToken)).SnapshotId;
    }

    /// <summary>The newest snapshot this run published; otherwise the table's current content; null where it has none.</summary>
    public async Task<LakeSnapshot?> FindAsync(LakeTableName table, TaskContext context, CancellationToken cancellationToken) =>
        await FetchAsync(await catalog.FindAsync(table, context.Attempt.RunId, cancellationToken), cancellationToken);

    /// <summary>As <see cref="FindAsync"/>, for a table the task cannot do without.</summary>
    /// <exception cref="TaskFailedException">Nothing was ever published to the table.</exception>
    public async Task<LakeSnapshot> RequireAsync(LakeTableName table, TaskContext context, CancellationToken cancellationToken) =>
        await FindAsync(table, context, cancellationToken) ?? throw new TaskFailedException(
            $"Lake table {table} has never been published. Run the task that publishes it before '{context.Attempt.TaskId}'.", FailureCause.BadData, retryable: false);

    /// <summary>The table's current content: the snapshot of the latest data interval, then the newest.</summary>
    public async Task<LakeSnapshot?> CurrentAsync(LakeTableName table, CancellationToken cancellationToken) =>
        await FetchAsync(await catalog.FindAsync(table, runId: null, cancellationToken), cancellationToken);

    /// <summary>A snapshot by its id: time travel.</summary>
    public async Task<LakeSnapshot?> GetAsync(long snapshotId, CancellationToken cancellationToken) =>
        await FetchAsync(await catalog.GetAsync(snapshotId, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<LakeSnapshot>> HistoryAsync(LakeTableName table, CancellationToken cancellationToken, int limit = 100) =>
        catalog.HistoryAsync(table, limit, cancellationToken);

    /// <summary>Every table with its current content.</summary>
    public Task<IReadOnlyList<LakeTableSummary>> SummariesAsync(CancellationToken cancellationToken) => catalog.SummariesAsync(cancellationToken);

    public Task<IReadOnlyList<LakeTableName>> TablesAsync(CancellationToken cancellationToken) => catalog.TablesAsync(cancellationToken);

    /// <summary>The table, where something was ever published to it.</summary>
    /// <exception cref="NotFoundException">Nothing was; the message names the tables of its layer.</exception>
    public async Task<LakeTableName> ExistingAsync(LakeTableName table, CancellationToken cancellationToken)
    {
        var known = (await TablesAsync(cancellationToken)).Where(other => other.Layer == table.Layer).Select(other => $"{other}").ToList();
        return known.Contains($"{table}")
            ? table
            : throw new NotFoundException($"There is no lake table '{table}'.{Suggestion.For($"{table}", known)} Tables of {table.Layer}: {(known.Count == 0 ? "none yet" : string.Join(", ", known))}.");
    }

    /// <summary>A file of this table that was made from exactly the same before, and is still there.</summary>
    public async Task<LakeFile?> FindDerivedAsync(LakeTableName table, string origin, CancellationToken cancellationToken) =>
        await catalog.FindDerivedAsync(table, origin, cancellationToken) is { } file && await bucket.TryReuseAsync(file.Path, file.Bytes, file.Sha256, cancellationToken) ? file : null;

    /// <summary>Records a raw file inside the fenced transaction; the same bytes of the same entity are recorded once.</summary>
    public Task RegisterRawAsync(PublishScope scope, RawFile file, CancellationToken cancellationToken) => RawFileCatalog.UpsertAsync(scope, file, cancellationToken);

    /// <summary>Whether a raw file of this entity has so many bytes: another of as many may be the same.</summary>
    public Task<bool> HasRawOfSizeAsync(string source, string entity, long bytes, CancellationToken cancellationToken) =>
        rawFiles.HasSizeAsync(source, entity, bytes, cancellationToken);

    /// <summary>The raw file with these bytes, where it was ingested before and is still there.</summary>
    public async Task<RawFile?> FindRawAsync(string source, string entity, string sha256, CancellationToken cancellationToken) =>
        await rawFiles.FindAsync(source, entity, sha256, cancellationToken) is { } file && await bucket.TryReuseAsync(file.Path, file.Bytes, file.Sha256, cancellationToken) ? file : null;

    /// <summary>The raw file that came from this place in this version, where it was ingested before and is still there.</summary>
    public async Task<RawFile?> FindRawVersionAsync(string source, string entity, string original, string version, CancellationToken cancellationToken) =>
        await rawFiles.FindVersionAsync(source, entity, original, version, cancellationToken) is { } file && await bucket.TryReuseAsync(file.Path, file.Bytes, file.Sha256, cancellationToken) ? file : null;

    /// <summary>Raw files of an entity whose bytes came last before a time, the oldest first.</summary>
    internal Task<IReadOnlyList<RawFileAge>> RawBeforeAsync(string source, string entity, DateTimeOffset before, CancellationToken cancellationToken) =>
        rawFiles.BeforeAsync(source, entity, before, cancellationToken);

    /// <summary>Drops raw files, but for those that have come again since they were looked at.</summary>
    internal async Task DropRawAsync(IReadOnlyList<(long RawFileId, string Path, DateTimeOffset LastIngested)> files, CancellationToken cancellationToken)
    {
        foreach (var (id, path, lastIngested) in files)
        {
            // The catalog first: a file it does not name is garbage, should this be interrupted.
            if (!await rawFiles.DeleteAsync(id, lastIngested, cancellationToken))
                continue;
            await contents.DeleteAsync([new GarbageFile(path, 0, "folder"), .. (bucket.IsUsed ? [new GarbageFile(path, 0, "bucket")] : Array.Empty<GarbageFile>())], cancellationToken);
        }
    }

    /// <summary>What ingestion remembered of a source's entity; null where nothing was.</summary>
    public async Task<TState?> ReadStateAsync<TState>(string source, string entity, CancellationToken cancellationToken)
        where TState : class =>
        await states.ReadAsync(source, entity, cancellationToken) is { } json ? JsonSerializer.Deserialize<TState>(json, TaskJson.Options) : null;

    /// <summary>Remembers how far a source was read, in the transaction that publishes the data.</summary>
    /// <param name="before">What was read at the start of the attempt.</param>
    /// <exception cref="TaskFailedException">Another run has read further in the meantime; another try starts from there.</exception>
    public static async Task WriteStateAsync<TState>(
        PublishScope scope, string source, string entity, TState? before, TState after, CancellationToken cancellationToken)
        where TState : class
    {
        var written = await SourceStateCatalog.WriteAsync(
            scope, source, entity, before is null ? null : JsonSerializer.Serialize(before, TaskJson.Options), JsonSerializer.Serialize(after, TaskJson.Options), cancellationToken);
        if (!written)
            throw new TaskFailedException($"Another run has ingested {entity} of {source} while this one read it. Nothing was published; another try goes on from there.");
    }

    /// <summary>Makes the next run read an entity from its beginning; false where nothing was remembered.</summary>
    public Task<bool> ForgetStateAsync(string source, string entity, CancellationToken cancellationToken) => states.DeleteAsync(source, entity, cancellationToken);

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

    /// <summary>Deletes files that no snapshot names: what failed attempts left behind, and what snapshots that expire leave. What attempts that have not ended may still publish stays.</summary>
    /// <param name="olderThan">Younger files are left alone.</param>
    /// <param name="retention">Snapshots that may go as well; null keeps all. Raw files always stay.</param>
    public async Task<LakeGarbage> CollectGarbageAsync(TimeSpan olderThan, LakeRetention? retention, bool dryRun, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        // In this order: what is published in between is in the catalog, where its attempt was over before that was asked, and in use otherwise.
        var candidates = await contents.ListAsync(now - olderThan, cancellationToken);
        var use = new FilesInUse(attempts is null ? [] : await attempts.ListAsync(cancellationToken), now);
        var expired = retention is null ? [] : await catalog.ExpiredAsync(now - retention.OlderThan, retention.Keep, await HeldAsync(cancellationToken), cancellationToken);
        if (!dryRun)
            await catalog.DeleteSnapshotsAsync(expired, cancellationToken);
        var referenced = await catalog.ReferencedPathsAsync(expired, cancellationToken);
        var unnamed = candidates.Where(candidate => !referenced.Contains(candidate.File.Path)).ToLookup(candidate => use.Has(candidate.File.Path, candidate.Written), candidate => candidate.File);
        var garbage = unnamed[false].ToList();
        if (!dryRun)
            await contents.DeleteAsync(garbage, cancellationToken);
        return new LakeGarbage(expired.Count, garbage, [.. unnamed[true]]);
    }

    private async Task<IReadOnlyCollection<long>> HeldAsync(CancellationToken cancellationToken)
    {
        var held = new HashSet<long>();
        foreach (var holder in holders ?? [])
            held.UnionWith(await holder.HeldAsync(cancellationToken));
        return held;
    }

    /// <summary>As the other, of files alone.</summary>
    /// <returns>The paths, relative to the lake folder, that were (or in a dry run would be) deleted, with their bytes.</returns>
    public async Task<IReadOnlyList<(string Path, long Bytes)>> CollectGarbageAsync(TimeSpan olderThan, bool dryRun, CancellationToken cancellationToken) =>
        [.. (await CollectGarbageAsync(olderThan, retention: null, dryRun, cancellationToken)).Files.Select(file => (file.Path, file.Bytes))];

    /// <summary>Brings the files of a snapshot here, where a bucket holds the lake.</summary>
    private async Task<LakeSnapshot?> FetchAsync(LakeSnapshot? snapshot, CancellationToken cancellationToken)
    {
        if (bucket.IsUsed)
        {
            foreach (var file in snapshot?.Files ?? [])
                await LocalAsync(file.Path, file.Sha256, cancellationToken);
        }
        return snapshot;
    }

    private TaskFailedException Lost(string relativePath) => new(
        $"{options.LakeLocation ?? options.LakeFolder} has lost {relativePath}, which the catalog names. Restore it from a copy, or ingest it again.", FailureCause.BadData, retryable: false);

    private static long CountRows(string absolutePath, CancellationToken cancellationToken)
    {
        using var duck = DuckDbConnection.Open(new DuckDbOptions { Threads = 1, MemoryLimit = "128MB" });
        return duck.Scalar<long>($"select coalesce(sum(num_rows), 0)::bigint from parquet_file_metadata({Quote(absolutePath)})", ct: cancellationToken);
    }

    /// <summary>A SQL string literal.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
