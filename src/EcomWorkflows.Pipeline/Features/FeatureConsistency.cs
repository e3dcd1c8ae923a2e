namespace EcomWorkflows.Pipeline.Features;

/// <summary>A comparison of what was served with the history.</summary>
public sealed record FeatureConsistency(int Version, DateTimeOffset CheckedAt, int Entities, long Cells, long Equal, string Examples);
