namespace EcomWorkflows.Pipeline.Lake;

/// <summary>A file that nothing in the catalog names.</summary>
/// <param name="Path">Relative to the lake.</param>
/// <param name="Place"><c>folder</c> or <c>bucket</c>.</param>
public sealed record GarbageFile(string Path, long Bytes, string Place);
