using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>Puts a dataset's content into the cache and describes it: the half of making a version that nobody can see yet.</summary>
internal sealed class DatasetStorage(ContentCache cache, DatasetVersions versions, PipelineOptions options)
{
    /// <exception cref="DiskFullException">There is no room for the content.</exception>
    public async Task<DatasetContent> StoreAsync(
        DatasetSource dataset, IReadOnlyList<DatasetValidation> validations, string workFolder, CancellationToken cancellationToken)
    {
        var files = await cache.AddAsync(dataset.Files, cancellationToken);
        var leaf = DatasetName.LeafOf(dataset.Name);
        DvcPointer pointer;
        if (files is [var only] && !only.RelativePath.Contains('/', StringComparison.Ordinal))
            pointer = DvcPointer.ForFile(only, leaf + Extensions(only.RelativePath));
        else
        {
            (pointer, var list) = DvcPointer.ForFolder(files, leaf);
            await cache.AddAsync(pointer.Md5, list, cancellationToken);
        }
        var content = new DatasetContent(dataset.Name, files, dataset.Tables, dataset.Rows, dataset.Source, pointer, validations);
        // What is versioned already is described already.
        var latest = await versions.LatestAsync(dataset.Name, cancellationToken);
        return latest is not null && latest.Md5 == content.Md5 && latest.SchemaHash == content.SchemaHash
            ? content
            : content with { Tables = await Task.Run(() => Describe(dataset, workFolder, cancellationToken), cancellationToken) };
    }

    private IReadOnlyList<DatasetTable> Describe(DatasetSource dataset, string workFolder, CancellationToken cancellationToken)
    {
        if (dataset.Tables.Count == 0)
            return dataset.Tables;
        using var duckDb = DuckDbConnection.Open(new DuckDbOptions { MemoryLimit = options.DuckDbMemoryLimit, Threads = options.Threads, TempDirectory = workFolder });
        var tables = new List<DatasetTable>();
        foreach (var table in dataset.Tables)
        {
            var files = TableFiles.Of(table, dataset.Files, f => f.RelativePath).Where(f => f.Rows is null or > 0).Select(f => (f.RelativePath, f.Path)).ToList();
            tables.Add(TableFiles.Scan(files) is { } scan
                ? table with { Columns = TableStatistics.Read(duckDb, scan, cancellationToken) }
                : table);
        }
        return tables;
    }

    /// <summary>All of <c>.csv.gz</c>, so that a checked out file is what its name says.</summary>
    private static string Extensions(string path) =>
        Path.GetExtension(path) is ".gz" or ".zst" ? Path.GetExtension(Path.GetFileNameWithoutExtension(path)) + Path.GetExtension(path) : Path.GetExtension(path);
}
