using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>Reads the files of a table of a dataset, whatever their format.</summary>
internal static class TableFiles
{
    /// <summary>Those of a dataset's files that belong to a table.</summary>
    public static IEnumerable<TFile> Of<TFile>(DatasetTable table, IEnumerable<TFile> files, Func<TFile, string> path) =>
        table.Folder is not { } folder ? files : files.Where(f => FolderOf(path(f)) == folder);

    /// <summary>The first folder of a file's place; empty for a file that is in none.</summary>
    public static string FolderOf(string path) => path.IndexOf('/', StringComparison.Ordinal) is var slash and > 0 ? path[..slash] : "";

    /// <summary>Table expression over files; null where there are none, or DuckDB does not read their format.</summary>
    /// <param name="files">Name inside the dataset, which says the format, and the place of the content.</param>
    public static string? Scan(IReadOnlyCollection<(string Name, string Path)> files)
    {
        var formats = files.Select(f => FormatOf(f.Name)).Distinct().ToList();
        var paths = DuckDbSql.Literals(files.Select(f => f.Path));
        return formats is not [{ } format] ? null : format switch
        {
            // The attempt=… in a file's path says who wrote it; it is no column.
            "parquet" => $"read_parquet({paths}, hive_partitioning = false, union_by_name = true)",
            "csv" => Csv(paths, "none"),
            "csv.gz" => Csv(paths, "gzip"),
            "json" => $"read_json({paths}, hive_partitioning = false, union_by_name = true)",
            _ => null,
        };
    }

    // Raw text is compared as text: what a value means is silver's business.
    private static string Csv(string paths, string compression) =>
        $"read_csv({paths}, all_varchar = true, header = true, ignore_errors = true, hive_partitioning = false, union_by_name = true, compression = '{compression}')";

    private static string? FormatOf(string name) => name.ToLowerInvariant() switch
    {
        var n when n.EndsWith(".parquet", StringComparison.Ordinal) => "parquet",
        var n when n.EndsWith(".csv", StringComparison.Ordinal) || n.EndsWith(".tsv", StringComparison.Ordinal) => "csv",
        var n when n.EndsWith(".csv.gz", StringComparison.Ordinal) => "csv.gz",
        var n when n.EndsWith(".json", StringComparison.Ordinal) || n.EndsWith(".jsonl", StringComparison.Ordinal) || n.EndsWith(".ndjson", StringComparison.Ordinal) => "json",
        _ => null,
    };
}
