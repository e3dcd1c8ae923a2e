namespace EcomWorkflows.Pipeline.Features;

/// <summary>A feature's statistics at one as-of time.</summary>
public sealed record FeatureTrendPoint(DateTimeOffset AsOf, double? Mean, double NullRate, double? Min, double? Max);
