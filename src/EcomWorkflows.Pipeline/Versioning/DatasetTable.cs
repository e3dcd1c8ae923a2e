namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>A lake table whose snapshot is part of a dataset version.</summary>
/// <param name="Name">Lake name, for example <c>silver.shop.events</c>.</param>
internal sealed record DatasetTable(string Name, long SnapshotId, long Rows, IReadOnlyList<DatasetColumn> Columns);
