namespace EcomWorkflows.Pipeline.Statistics;

/// <summary>How many values of a reference and of current data fall into each of the same bins: what the distances between two distributions are computed from.</summary>
/// <remarks>
/// A bin that is empty on one side counts as half a row in logarithms, so that a new or vanished value gives a large but finite distance; where no bin is empty the
/// formulas are the textbook ones.
/// </remarks>
internal sealed class BinCounts
{
    private const double EmptyBin = 0.5;

    /// <exception cref="ArgumentException">The sides differ in bins, there is no bin, a count is negative, or a side holds nothing.</exception>
    public BinCounts(IReadOnlyList<long> reference, IReadOnlyList<long> current)
    {
        if (reference.Count == 0 || reference.Count != current.Count)
            throw new ArgumentException($"Both sides need the same bins, at least one: the reference has {reference.Count}, the current data {current.Count}.");
        if (reference.Concat(current).Any(count => count < 0))
            throw new ArgumentException("A count cannot be negative.");
        (Reference, Current) = (reference, current);
        (ReferenceTotal, CurrentTotal) = (reference.Sum(), current.Sum());
        if (ReferenceTotal == 0 || CurrentTotal == 0)
            throw new ArgumentException($"A side without values has no distribution: the reference holds {ReferenceTotal}, the current data {CurrentTotal}.");
    }

    public IReadOnlyList<long> Reference { get; }

    public IReadOnlyList<long> Current { get; }

    public long ReferenceTotal { get; }

    public long CurrentTotal { get; }

    /// <summary>Bins that hold a value on either side; the others say nothing and count for no degree of freedom.</summary>
    public int OccupiedBins => Enumerable.Range(0, Reference.Count).Count(bin => Reference[bin] + Current[bin] > 0);

    /// <summary>1/n + 1/m: what the distance of two samples of the same distribution is proportional to.</summary>
    public double SamplingScale => (1.0 / ReferenceTotal) + (1.0 / CurrentTotal);

    /// <summary>Shares of both sides by occupied bin, exact: zero where a bin is empty.</summary>
    public IEnumerable<(double Reference, double Current)> Shares() => Occupied().Select(bin =>
        ((double)Reference[bin] / ReferenceTotal, (double)Current[bin] / CurrentTotal));

    /// <summary>Shares of both sides by occupied bin, never zero: an empty bin counts as half a row.</summary>
    public IEnumerable<(double Reference, double Current)> PositiveShares() => Occupied().Select(bin =>
        (Math.Max(Reference[bin], EmptyBin) / ReferenceTotal, Math.Max(Current[bin], EmptyBin) / CurrentTotal));

    private IEnumerable<int> Occupied() => Enumerable.Range(0, Reference.Count).Where(bin => Reference[bin] + Current[bin] > 0);
}
