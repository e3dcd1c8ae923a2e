namespace EcomWorkflows.Pipeline.Features;

/// <summary>Distribution of one feature in one materialisation.</summary>
/// <param name="Count">Values that are not null.</param>
/// <param name="Std">Sample standard deviation; null with fewer than two values.</param>
/// <param name="Quantiles">1, 5, 25, 50, 75, 95, 99 %; of every k-th customer by hash when there are more than 100,000.</param>
public sealed record FeatureStatistics(
    string Feature, long Count, double NullRate, double? Mean, double? Std, double? Min, double? Max, IReadOnlyList<double> Quantiles);
