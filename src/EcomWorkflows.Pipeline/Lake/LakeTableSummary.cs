namespace EcomWorkflows.Pipeline.Lake;

/// <summary>A lake table with its current content.</summary>
/// <param name="Snapshots">All that are kept of it.</param>
/// <param name="SnapshotId">The current one; the members after it speak of it.</param>
public sealed record LakeTableSummary(
    string Name, long Snapshots, long SnapshotId, DateTimeOffset CreatedAt, DateTimeOffset DataIntervalEnd, long RunId, long Rows, long Bytes, long Files);
