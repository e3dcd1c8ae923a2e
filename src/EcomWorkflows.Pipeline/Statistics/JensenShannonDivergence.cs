namespace EcomWorkflows.Pipeline.Statistics;

/// <summary>JS = (KL(r ‖ mean) + KL(c ‖ mean)) / 2 over the shares of each bin, in bits: from 0 (equal) to 1 (nothing in common). Symmetric, finite without smoothing.</summary>
/// <remarks>
/// Lin, Divergence measures based on the Shannon entropy (1991). Near equality JS ≈ Σ (c − r)² / (8 · mean) nats, so 8 · ln 2 · JS is distributed about as
/// (1/n + 1/m) · χ² with bins − 1 degrees of freedom without drift.
/// </remarks>
internal static class JensenShannonDivergence
{
    public static double Of(BinCounts counts) => Math.Clamp(
        counts.Shares().Sum(share =>
        {
            var mean = (share.Reference + share.Current) / 2;
            return (Term(share.Reference, mean) + Term(share.Current, mean)) / 2;
        }), 0, 1);

    /// <summary>The value that the divergence exceeds with the given probability when nothing has changed.</summary>
    public static double NullQuantile(BinCounts counts, double falseAlarmRate) =>
        counts.SamplingScale * ChiSquare.UpperQuantile(counts.OccupiedBins - 1, falseAlarmRate) / (8 * Math.Log(2));

    /// <summary>The divergence with the larger of the threshold asked for and what chance alone gives.</summary>
    public static DriftVerdict Judge(BinCounts counts, double threshold, double falseAlarmRate = DriftVerdict.DefaultFalseAlarmRate, int comparisons = 1) =>
        DriftVerdict.Of(Of(counts), threshold, NullQuantile(counts, falseAlarmRate / comparisons));

    private static double Term(double share, double mean) => share == 0 ? 0 : share * Math.Log2(share / mean);
}
