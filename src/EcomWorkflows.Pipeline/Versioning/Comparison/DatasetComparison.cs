using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration;

namespace EcomWorkflows.Pipeline.Versioning.Comparison;

/// <summary>Compares two versions file by file and, where DuckDB reads the files, row by row.</summary>
public sealed class DatasetComparison
{
    private readonly DatasetVersions versions;
    private readonly ContentCache cache;
    private readonly PipelineOptions options;

    internal DatasetComparison(DatasetVersions versions, ContentCache cache, PipelineOptions options)
    {
        this.versions = versions;
        this.cache = cache;
        this.options = options;
    }

    /// <exception cref="DatasetException">The key or table asked for does not exist, or the key is not unique.</exception>
    /// <exception cref="DatasetStoreException">The cache lacks content of a version.</exception>
    public async Task<DatasetDifference> RunAsync(DatasetVersion before, DatasetVersion after, ComparisonOptions asked, CancellationToken cancellationToken)
    {
        var old = await versions.ReadManifestAsync(before, cancellationToken);
        var now = await versions.ReadManifestAsync(after, cancellationToken);
        return await Task.Run(() => Compare(old, now, asked, cancellationToken), cancellationToken);
    }

    internal DatasetDifference Compare(DatasetManifest before, DatasetManifest after, ComparisonOptions asked, CancellationToken cancellationToken)
    {
        var names = TablesOf(before).Concat(TablesOf(after)).Select(t => t.Name).Distinct(StringComparer.Ordinal).ToList();
        if (asked.Table is { } table && !names.Contains(table))
            throw new NotFoundException($"{before.Tag} and {after.Tag} have no table '{table}'; they have {(names.Count == 0 ? "none" : string.Join(", ", names))}.");
        using var duckDb = DuckDbConnection.Open(new DuckDbOptions { MemoryLimit = options.DuckDbMemoryLimit, Threads = options.Threads });
        var tables = new List<TableDifference>();
        foreach (var name in names.Where(n => asked.Table is null || n == asked.Table))
            tables.Add(Compare(duckDb, name, before, after, asked, cancellationToken));
        return new DatasetDifference(before.Tag, after.Tag, FileDifference.Between(before.Files, after.Files), tables);
    }

    /// <summary>The tables of a version: those of the lake it was made from, or else one per folder of its files.</summary>
    private static IReadOnlyList<DatasetTable> TablesOf(DatasetManifest manifest) =>
        manifest.Tables.Count > 0
            // A version made before the manifest said where a table's files lie has them under the table's own name.
            ? [.. manifest.Tables.Select(t => t.Folder is null && manifest.Tables.Count > 1 ? t with { Folder = t.Name[(t.Name.LastIndexOf('.') + 1)..] } : t)]
            : [
                .. manifest.Files.Select(f => TableFiles.FolderOf(f.RelativePath)).Distinct(StringComparer.Ordinal)
                    .Select(folder => new DatasetTable(folder.Length == 0 ? DatasetName.LeafOf(manifest.Dataset) : folder, 0, 0, [], Folder: folder)),
            ];

    private TableDifference Compare(
        DuckDbConnection duckDb, string name, DatasetManifest before, DatasetManifest after, ComparisonOptions asked, CancellationToken cancellationToken)
    {
        var old = Side(name, before);
        var now = Side(name, after);
        var shared = old.Files.Select(f => f.Md5).Intersect(now.Files.Select(f => f.Md5), StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        if (old.Files.All(f => shared.Contains(f.Md5)) && now.Files.All(f => shared.Contains(f.Md5)) && old.Files.Count == now.Files.Count)
            return Same(name, old, now);
        var (oldScan, nowScan) = (Scan(old.Files), Scan(now.Files));
        if ((oldScan ?? nowScan) is not { } known || (oldScan is null && old.Files.Count > 0) || (nowScan is null && now.Files.Count > 0))
            return Unread(name, old, now);
        // A file that is in both versions adds and takes nothing: its rows are not even read for the match.
        var comparison = new RowComparison(duckDb, oldScan ?? Empty(known), nowScan ?? Empty(known), cancellationToken)
        {
            BeforeOnly = Scan(old.Files.Where(f => !shared.Contains(f.Md5))) ?? Empty(oldScan ?? known),
            AfterOnly = Scan(now.Files.Where(f => !shared.Contains(f.Md5))) ?? Empty(nowScan ?? known),
        };
        var difference = comparison.Run(name, now.Table ?? old.Table!, asked);
        return difference with
        {
            Shifts = asked.Distributions && oldScan is not null && nowScan is not null
                ? new ColumnShifts(duckDb, oldScan, nowScan, difference.Key, cancellationToken).Read(old.Table, now.Table)
                : [],
        };
    }

    private static (DatasetTable? Table, IReadOnlyList<CachedFile> Files) Side(string name, DatasetManifest manifest)
    {
        var table = TablesOf(manifest).FirstOrDefault(t => t.Name == name);
        return (table, table is null ? [] : [.. TableFiles.Of(table, manifest.Files, f => f.RelativePath)]);
    }

    private string? Scan(IEnumerable<CachedFile> files)
    {
        var read = files.Where(f => f.Rows is null or > 0).ToList();
        foreach (var file in read.Where(f => !cache.Has(f.Md5)))
            throw new DatasetStoreException($"{cache.PathOf(file.Md5)} is missing: it is {file.RelativePath}. Fetch it with: ./ecom datasets pull");
        return TableFiles.Scan([.. read.Select(f => (f.RelativePath, cache.PathOf(f.Md5)))]);
    }

    private static string Empty(string scan) => $"(select * from {scan} where false)";

    private static TableDifference Same(string name, (DatasetTable? Table, IReadOnlyList<CachedFile> Files) old, (DatasetTable? Table, IReadOnlyList<CachedFile> Files) now) =>
        new(name, now.Table?.Key ?? [], "the files are the same", Rows(old), Rows(now), 0, 0, 0, [], new Dictionary<string, long>(), [], []);

    private static TableDifference Unread(string name, (DatasetTable? Table, IReadOnlyList<CachedFile> Files) old, (DatasetTable? Table, IReadOnlyList<CachedFile> Files) now) =>
        new(name, [], "", Rows(old), Rows(now), 0, 0, 0, [], new Dictionary<string, long>(), [], [],
            "its files are of different formats, or of one whose rows are not read (read are .parquet, .csv, .csv.gz, .json, .jsonl): see the files");

    private static long Rows((DatasetTable? Table, IReadOnlyList<CachedFile> Files) side) => side.Table?.Rows is > 0 and var rows ? rows : side.Files.Sum(f => f.Rows ?? 0);
}
