namespace EcomWorkflows.Pipeline.Features;

/// <summary>A feature's statistics, one point per as-of time, oldest first.</summary>
public sealed record FeatureTrend(string Feature, IReadOnlyList<FeatureTrendPoint> Points);
