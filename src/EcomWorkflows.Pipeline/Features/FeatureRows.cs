namespace EcomWorkflows.Pipeline.Features;

/// <summary>The computed rows of one as-of time, in a file of their own.</summary>
internal sealed record FeatureRows(DateTimeOffset AsOf, string Path, long Rows, IReadOnlyList<FeatureStatistics> Statistics);
