namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>A file whose content is in the cache.</summary>
internal sealed record CachedFile(string RelativePath, string Md5, string Sha256, long Bytes, long? Rows);
