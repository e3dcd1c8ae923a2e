namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>A file of a dataset version; its content is in the cache under its MD5.</summary>
/// <param name="RelativePath">Place inside the dataset, with forward slashes.</param>
/// <param name="Rows">Null where rows are not counted per file.</param>
public sealed record CachedFile(string RelativePath, string Md5, string Sha256, long Bytes, long? Rows);
