namespace EcomWorkflows.Pipeline.Statistics;

/// <summary>Bins that hold about equally many values of a reference, open at both ends so that every later value has one.</summary>
/// <remarks>Fitted on the reference only: edges moved by the current data would hide its drift.</remarks>
internal sealed class QuantileBins
{
    private QuantileBins(double[] edges) => Edges = edges;

    /// <summary>Inner edges in rising order; bin i holds the values above edge i − 1 and up to edge i. One bin more than edges.</summary>
    public IReadOnlyList<double> Edges { get; }

    public int Count => Edges.Count + 1;

    /// <summary>Bins of the reference's quantiles; fewer than asked for where values repeat.</summary>
    /// <param name="sortedReference">Values in rising order, at least one, none of them NaN.</param>
    public static QuantileBins Fit(ReadOnlySpan<double> sortedReference, int bins = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        if (sortedReference.IsEmpty)
            throw new ArgumentException("Bins cannot be fitted on no values.", nameof(sortedReference));
        var edges = new List<double>();
        for (var bin = 1; bin < bins; bin++)
        {
            var edge = sortedReference[(int)Math.Min(sortedReference.Length - 1, ((long)sortedReference.Length * bin + bins - 1) / bins - 1)];
            if ((edges.Count == 0 || edge > edges[^1]) && edge < sortedReference[^1])
                edges.Add(edge);
        }
        return new QuantileBins([.. edges]);
    }

    /// <summary>Bins with the given inner edges in rising order.</summary>
    public static QuantileBins At(IEnumerable<double> edges) => new([.. edges]);

    /// <summary>How many of the values each bin holds; NaN is left out.</summary>
    public long[] CountsOf(ReadOnlySpan<double> values)
    {
        var counts = new long[Count];
        foreach (var value in values)
        {
            if (!double.IsNaN(value))
                counts[BinOf(value)]++;
        }
        return counts;
    }

    /// <summary>The bin of a value, from 0.</summary>
    public int BinOf(double value)
    {
        var found = Array.BinarySearch((double[])Edges, value);
        return found >= 0 ? found : ~found;
    }
}
