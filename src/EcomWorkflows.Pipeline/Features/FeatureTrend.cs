namespace EcomWorkflows.Pipeline.Features;

/// <summary>A feature's statistics, one point per as-of time, oldest first.</summary>
public sealed record FeatureTrend(string Feature, IReadOnlyList<FeatureTrendPoint> Points)
{
    /// <summary>Of the newest as-of time; null for texts, and where nothing was materialised since histograms are kept.</summary>
    public FeatureHistogram? Histogram { get; init; }
}
