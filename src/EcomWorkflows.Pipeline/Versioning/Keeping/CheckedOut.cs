namespace EcomWorkflows.Pipeline.Versioning.Keeping;

/// <summary>Files of a version at a place.</summary>
public sealed record CheckedOut(string Tag, string Path, int Files, long Bytes);
