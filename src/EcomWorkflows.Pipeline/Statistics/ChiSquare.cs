using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace EcomWorkflows.Pipeline.Statistics;

/// <summary>Pearson's χ² test: whether current counts and a reference come from one distribution. A low p-value says they do not.</summary>
/// <remarks>Pearson (1900). The approximation wants about 5 expected values in each bin; merge rarer ones before.</remarks>
internal static class ChiSquare
{
    /// <summary>Test of two samples (homogeneity): both sides vary by chance.</summary>
    public static SignificanceTest OfTwoSamples(BinCounts counts)
    {
        var all = (double)(counts.ReferenceTotal + counts.CurrentTotal);
        var statistic = counts.Reference.Zip(counts.Current, (reference, current) =>
        {
            var pooled = (reference + current) / all;
            return pooled == 0 ? 0 : Term(reference, pooled * counts.ReferenceTotal) + Term(current, pooled * counts.CurrentTotal);
        }).Sum();
        return new SignificanceTest(statistic, UpperTail(counts.OccupiedBins - 1, statistic));
    }

    /// <summary>Test against known shares (goodness of fit): only the current side varies by chance. What Great Expectations' chi-square test does.</summary>
    /// <param name="shares">Expected share of each bin; they are scaled to sum to 1. A value in a bin of share 0 refutes the shares outright.</param>
    public static SignificanceTest OfShares(IReadOnlyList<long> current, IReadOnlyList<double> shares)
    {
        if (current.Count != shares.Count || current.Count == 0)
            throw new ArgumentException($"One share for each bin is needed: {shares.Count} shares, {current.Count} bins.");
        double total = current.Sum();
        var scale = shares.Sum();
        if (current.Zip(shares).Any(bin => bin.First > 0 && bin.Second <= 0))
            return new SignificanceTest(double.PositiveInfinity, 0);
        var statistic = current.Zip(shares).Where(bin => bin.Second > 0).Sum(bin => Term(bin.First, total * bin.Second / scale));
        return new SignificanceTest(statistic, UpperTail(shares.Count(share => share > 0) - 1, statistic));
    }

    /// <summary>Probability that χ² with so many degrees of freedom is at least the value; 1 without any degree of freedom.</summary>
    public static double UpperTail(int degreesOfFreedom, double value) =>
        degreesOfFreedom <= 0 ? 1 : value <= 0 ? 1 : SpecialFunctions.GammaUpperRegularized(degreesOfFreedom / 2.0, value / 2);

    /// <summary>The value that χ² exceeds with the given probability; 0 without any degree of freedom.</summary>
    public static double UpperQuantile(int degreesOfFreedom, double probability) =>
        degreesOfFreedom <= 0 ? 0 : ChiSquared.InvCDF(degreesOfFreedom, 1 - probability);

    private static double Term(double observed, double expected) => expected == 0 ? 0 : (observed - expected) * (observed - expected) / expected;
}
