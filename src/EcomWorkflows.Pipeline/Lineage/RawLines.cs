namespace EcomWorkflows.Pipeline.Lineage;

/// <summary>A line of a raw file with those around it, as the source delivered them.</summary>
/// <param name="Line">The one that was asked for; counted from 1.</param>
/// <param name="Lines">In order, the asked one among them; fewer where the file ends, none where it is no text.</param>
/// <param name="HashHolds">Whether the file still has the hash it was ingested with.</param>
public sealed record RawLines(
    long RawFileId, string Source, string Entity, string Path, string Original, string Sha256, long Bytes, long RunId, long AttemptId, long Line,
    IReadOnlyList<RawLineText> Lines, bool HashHolds, string? Problem);
