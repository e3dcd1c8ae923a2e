namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>The version of one dataset a run works with.</summary>
/// <param name="IsNew">False when the content was the same as in the version before.</param>
public sealed record VersionedDataset(string Dataset, string Tag, string CommitSha, bool IsNew, int Files, long Bytes, long Rows, string ChangeNote);
