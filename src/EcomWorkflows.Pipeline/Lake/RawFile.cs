namespace EcomWorkflows.Pipeline.Lake;

/// <summary>An immutable file as a source delivered it.</summary>
/// <param name="Path">Relative to the lake folder.</param>
/// <param name="Original">Path or URL it came from.</param>
public sealed record RawFile(string Source, string Entity, string Path, string Sha256, long Bytes, string Original)
{
    /// <summary>Records in it, rejected ones included; null while nobody has read it.</summary>
    public long? Rows { get; init; }

    /// <summary>Whether the catalog had it already, so that nothing was copied.</summary>
    public bool IsKnown { get; init; }

    /// <summary>What the store it came from calls this content, for example an ETag; null where it has no name for it.</summary>
    public string? Version { get; init; }
}
