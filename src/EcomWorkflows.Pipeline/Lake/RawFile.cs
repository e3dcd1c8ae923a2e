namespace EcomWorkflows.Pipeline.Lake;

/// <summary>An immutable file as a source delivered it.</summary>
/// <param name="Path">Relative to the lake folder.</param>
/// <param name="Original">Path or URL it came from.</param>
public sealed record RawFile(string Source, string Entity, string Path, string Sha256, long Bytes, string Original);
