namespace EcomWorkflows.Pipeline.Features;

/// <summary>Distribution of one feature in one materialisation.</summary>
/// <param name="Count">Values that are not null.</param>
/// <param name="Std">Sample standard deviation; null with fewer than two values.</param>
/// <param name="Quantiles">1, 5, 25, 50, 75, 95, 99 %; of every k-th customer by hash when there are more than 100,000.</param>
public sealed record FeatureStatistics(
    string Feature, long Count, double NullRate, double? Mean, double? Std, double? Min, double? Max, IReadOnlyList<double> Quantiles)
{
    /// <summary>Null for texts, and where there is no value.</summary>
    public FeatureHistogram? Histogram { get; init; }

    /// <param name="rows">Rows, those without a value included.</param>
    /// <param name="sum">Of the values, and <paramref name="squares"/> of their squares.</param>
    internal static FeatureStatistics From(
        string feature, long rows, long count, double sum, double squares, double? min, double? max, IReadOnlyList<double> quantiles) => new(
        feature,
        count,
        rows == 0 ? 0 : (double)(rows - count) / rows,
        count == 0 ? null : sum / count,
        // Rounding may leave a tiny negative variance where all values are the same.
        count < 2 ? null : Math.Sqrt(Math.Max(0, (squares - (sum * sum / count)) / (count - 1))),
        min,
        max,
        quantiles);
}
