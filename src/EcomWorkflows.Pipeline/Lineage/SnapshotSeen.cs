namespace EcomWorkflows.Pipeline.Lineage;

/// <summary>The snapshot of a table that a task worked with.</summary>
internal sealed record SnapshotSeen(long SnapshotId, string Table);
