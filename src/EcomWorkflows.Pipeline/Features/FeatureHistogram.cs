using EcomWorkflows.DuckDB;

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

    /// <summary>Adds the histogram to the statistics of each feature that has numbers.</summary>
    /// <param name="table">Table expression.</param>
    /// <param name="numbers">An expression of type double for each feature; a null one for features without numbers.</param>
    internal static IReadOnlyList<FeatureStatistics> AddTo(
        IReadOnlyList<FeatureStatistics> statistics, DuckDbConnection duck, string table, IReadOnlyList<string> numbers, CancellationToken cancellationToken)
    {
        double[]?[] edges = [.. statistics.Select(EdgesOf)];
        long[][] counts = [.. edges.Select(e => new long[e is null ? 0 : e.Length - 1])];
        using var rows = duck.Query($"select {string.Join(", ", numbers)} from {table}", ct: cancellationToken);
        while (rows.NextChunk())
            for (var i = 0; i < counts.Length; i++)
                if (edges[i] is { } own)
                    Count(rows.Column<double>(i)[..rows.ChunkRows], rows.Validity(i), own, counts[i]);
        return [.. statistics.Select((s, i) => edges[i] is { } own ? s with { Histogram = new FeatureHistogram(own, counts[i]) } : s)];
    }

    private static void Count(ReadOnlySpan<double> values, ReadOnlySpan<ulong> validity, double[] edges, long[] counts)
    {
        var (low, last) = (edges[0], counts.Length - 1);
        var perUnit = last == 0 ? 0 : counts.Length / (edges[^1] - low);
        for (var row = 0; row < values.Length; row++)
            if ((validity.IsEmpty || (validity[row >> 6] & (1UL << (row & 63))) != 0) && !double.IsNaN(values[row]))
                counts[(int)Math.Clamp((values[row] - low) * perUnit, 0, last)]++;
    }
}
