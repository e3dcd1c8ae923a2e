namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>A file that is to become part of a dataset version.</summary>
/// <param name="RelativePath">Place inside the dataset, with forward slashes.</param>
/// <param name="Path">Where it lies now, absolute.</param>
/// <param name="Sha256">As the lake's catalog has it; null where nobody has hashed it yet.</param>
/// <param name="Rows">Null where rows are not counted per file.</param>
/// <param name="IsImmutable">Whether nobody writes to it any more: then the cache may share its bytes instead of copying them.</param>
internal sealed record DatasetFile(string RelativePath, string Path, string? Sha256, long? Rows, bool IsImmutable = true);
