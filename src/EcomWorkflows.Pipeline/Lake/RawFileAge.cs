namespace EcomWorkflows.Pipeline.Lake;

/// <summary>A raw file that has not come again for some time.</summary>
/// <param name="MadeOfIt">Names of the tables with a snapshot that was made of it.</param>
internal sealed record RawFileAge(long RawFileId, string Path, string Sha256, long Bytes, DateTimeOffset LastIngested, IReadOnlyList<string> MadeOfIt);
