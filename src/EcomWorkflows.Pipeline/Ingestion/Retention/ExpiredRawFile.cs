namespace EcomWorkflows.Pipeline.Ingestion.Retention;

/// <summary>A raw file older than its mapping keeps such files.</summary>
/// <param name="Path">Relative to the lake.</param>
/// <param name="LastIngested">When its bytes came last.</param>
/// <param name="KeepDays">Days the mapping keeps it.</param>
/// <param name="NeededBy">What still needs it; empty where nothing does.</param>
/// <param name="Goes">Whether it was dropped, or in a dry run would be.</param>
public sealed record ExpiredRawFile(
    long RawFileId, string Source, string Entity, string Path, string Sha256, long Bytes, DateTimeOffset LastIngested, int KeepDays, IReadOnlyList<string> NeededBy, bool Goes);
