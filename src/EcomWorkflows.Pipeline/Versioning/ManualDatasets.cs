using EcomWorkflows.DuckDB;
using Npgsql;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>Makes dataset versions outside of runs: of files a person names, or of what a program computed for one.</summary>
public sealed class ManualDatasets
{
    private readonly NpgsqlDataSource database;
    private readonly DatasetStorage storage;
    private readonly DatasetPublisher publisher;
    private readonly PipelineOptions options;

    internal ManualDatasets(NpgsqlDataSource database, DatasetStorage storage, DatasetPublisher publisher, PipelineOptions options)
    {
        this.database = database;
        this.storage = storage;
        this.publisher = publisher;
        this.options = options;
    }

    /// <param name="dataset">SOURCE/NAME; made where there is none of this name.</param>
    /// <param name="path">A file, or a folder that is taken with all its files.</param>
    /// <param name="source">Where it came from, in words.</param>
    /// <param name="note">What changed, in the words of <paramref name="person"/>; null for what the program finds.</param>
    /// <param name="madeFrom">Lake snapshots it was computed from; null for a person's own files.</param>
    /// <returns>The version; an existing one where the content is that of the newest.</returns>
    /// <exception cref="DatasetException">The name is not allowed, or there are no files.</exception>
    /// <exception cref="DiskFullException">There is no room for the content.</exception>
    /// <exception cref="ClosedRepositoryException">Nothing may be written into the repository.</exception>
    public async Task<VersionedDataset> AddAsync(string dataset, string path, string source, string? note, string person, CancellationToken cancellationToken, IReadOnlyList<long>? madeFrom = null)
    {
        DatasetName.Check(dataset);
        var (files, tables) = await Task.Run(() => Read(dataset, path, cancellationToken), cancellationToken);
        var work = Path.Combine(options.Home, "work", $"datasets-{Guid.NewGuid():n}");
        var content = await storage.StoreAsync(new DatasetSource(dataset, files, tables, tables.Sum(t => t.Rows), source), [], work, cancellationToken);
        PublishedDataset published;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            published = (await publisher.PublishAsync(transaction, DatasetOrigin.ByPerson(person), [content with { Note = note, MadeFrom = madeFrom }], cancellationToken))[0];
            await transaction.CommitAsync(cancellationToken);
        }
        await publisher.CheckOutAsync(cancellationToken);
        return VersionedDataset.Of(published);
    }

    /// <summary>Completes what a crash left half done, and lets the index know every tag of the repository. One that may not be written to is only read; where there is none, nothing is done.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        if (!new GitRepository(options.DataVersionsFolder, TimeProvider.System).Exists)
            return;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await publisher.CompleteAsync(transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private (IReadOnlyList<DatasetFile> Files, IReadOnlyList<DatasetTable> Tables) Read(string dataset, string path, CancellationToken cancellationToken)
    {
        string[] found = Directory.Exists(path) ? Directory.GetFiles(path, "*", SearchOption.AllDirectories) : File.Exists(path) ? [path] : throw new DatasetException($"There is no file or folder {path}.");
        if (found.Length == 0)
            throw new DatasetException($"The folder {path} has no files.");
        using var duckDb = DuckDbConnection.Open(new DuckDbOptions { Threads = 1, MemoryLimit = options.DuckDbMemoryLimit });
        var root = File.Exists(path) ? Path.GetDirectoryName(Path.GetFullPath(path))! : path;
        var files = found
            .Select(f => new DatasetFile(Path.GetRelativePath(root, Path.GetFullPath(f)).Replace(Path.DirectorySeparatorChar, '/'), Path.GetFullPath(f), null, null, IsImmutable: false))
            .OrderBy(f => f.RelativePath, StringComparer.Ordinal)
            .Select(f => f with { Rows = Rows(duckDb, f, cancellationToken) })
            .ToList();
        return (files, [.. files.GroupBy(f => TableFiles.FolderOf(f.RelativePath), StringComparer.Ordinal).Select(g => Table(duckDb, g.Key.Length == 0 ? DatasetName.LeafOf(dataset) : g.Key, g.Key, [.. g], cancellationToken)).OfType<DatasetTable>()]);
    }

    private static long? Rows(DuckDbConnection duckDb, DatasetFile file, CancellationToken cancellationToken) =>
        Readable([file]) is { } scan ? Try(() => duckDb.Scalar<long>($"select count(*) from {scan}", ct: cancellationToken)) : null;

    private static DatasetTable? Table(DuckDbConnection duckDb, string name, string folder, IReadOnlyList<DatasetFile> files, CancellationToken cancellationToken)
    {
        if (files.Any(f => f.Rows is null) || Readable(files) is not { } scan)
            return null;
        var columns = TableStatistics.Columns(duckDb, scan, cancellationToken);
        return new DatasetTable(name, 0, files.Sum(f => f.Rows ?? 0), columns, Folder: folder);
    }

    private static string? Readable(IReadOnlyList<DatasetFile> files) => TableFiles.Scan([.. files.Select(f => (f.RelativePath, f.Path))]);

    /// <summary>Null for a file whose name promises a format its content does not have: it is versioned all the same.</summary>
    private static long? Try(Func<long> read)
    {
        try
        {
            return read();
        }
        catch (DuckDbException)
        {
            return null;
        }
    }
}
