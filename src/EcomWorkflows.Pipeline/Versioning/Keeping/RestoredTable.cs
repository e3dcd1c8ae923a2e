namespace EcomWorkflows.Pipeline.Versioning.Keeping;

/// <summary>A lake table whose current content is that of a dataset version.</summary>
/// <param name="IsNew">False where it was already.</param>
public sealed record RestoredTable(string Table, long SnapshotId, long Rows, int Files, long Bytes, bool IsNew);
