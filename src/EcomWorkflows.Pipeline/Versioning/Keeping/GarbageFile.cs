namespace EcomWorkflows.Pipeline.Versioning.Keeping;

/// <summary>A file of the cache that nothing needs.</summary>
/// <param name="Bytes">Its size; freed only where the lake does not share it.</param>
public sealed record GarbageFile(string Path, long Bytes, string Reason);
