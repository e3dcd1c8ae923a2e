namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>A table whose rows are part of a dataset version.</summary>
/// <param name="Name">Lake name, for example <c>silver.shop.events</c>; for files a person added, the folder inside the dataset.</param>
/// <param name="SnapshotId">Lake snapshot the files are of; 0 where they are no lake table's.</param>
/// <param name="Key">Columns that together are different in every row; empty where that is not known.</param>
/// <param name="Folder">First folder of the places of its files, empty for files in none; null where all of the dataset's files are this table's.</param>
public sealed record DatasetTable(
    string Name, long SnapshotId, long Rows, IReadOnlyList<DatasetColumn> Columns, IReadOnlyList<string>? Key = null, string? Folder = null);
