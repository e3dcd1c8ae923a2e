namespace EcomWorkflows.Pipeline.Features;

/// <summary>How the values of a feature are spread.</summary>
/// <param name="Edges">Rising, of equal distance; the first and the last bin also hold what lies outside.</param>
/// <param name="Counts">Values between two edges each, the lower one included.</param>
public sealed record FeatureHistogram(IReadOnlyList<double> Edges, IReadOnlyList<long> Counts)
{
    private const int Bins = 20;

    /// <summary>Bins that outliers do not stretch: from the 1 % to the 99 % quantile. Null where there is no finite value.</summary>
    internal static double[]? EdgesOf(FeatureStatistics statistics)
    {
        if (statistics is not { Quantiles: [var low, .., var high], Min: { } min, Max: { } max })
            return null;
        if (low >= high)
            (low, high) = (min, max);
        if (!double.IsFinite(high - low))
            return null;
        return low >= high ? [low, low] : [.. Enumerable.Range(0, Bins + 1).Select(i => low + ((high - low) * i / Bins))];
    }

    /// <summary>Null where there is no finite value.</summary>
    /// <param name="values">None of them NaN.</param>
    internal static FeatureHistogram? Of(FeatureStatistics statistics, IEnumerable<double> values)
    {
        if (EdgesOf(statistics) is not { } edges)
            return null;
        var counts = new long[edges.Length - 1];
        var (low, last) = (edges[0], counts.Length - 1);
        var perUnit = last == 0 ? 0 : counts.Length / (edges[^1] - low);
        foreach (var value in values)
            counts[(int)Math.Clamp((value - low) * perUnit, 0, last)]++;
        return new FeatureHistogram(edges, counts);
    }
}
