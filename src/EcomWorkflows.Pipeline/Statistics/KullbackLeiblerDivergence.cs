namespace EcomWorkflows.Pipeline.Statistics;

/// <summary>KL = Σ c · ln(c / r) over the shares of each bin, in nats: how surprising the current data is to one who expects the reference. 0 for equal, lower is closer; not symmetric.</summary>
/// <remarks>
/// Kullback and Leibler, On information and sufficiency (1951). The direction is Great Expectations' (observed against expected).
/// 2 · KL is distributed about as (1/n + 1/m) · χ² with bins − 1 degrees of freedom without drift (the G statistic of Wilks' theorem).
/// </remarks>
internal static class KullbackLeiblerDivergence
{
    public static double Of(BinCounts counts) => Math.Max(0, counts.PositiveShares().Sum(share => share.Current * Math.Log(share.Current / share.Reference)));

    /// <summary>The value that the divergence exceeds with the given probability when nothing has changed.</summary>
    public static double NullQuantile(BinCounts counts, double falseAlarmRate) => counts.SamplingScale * ChiSquare.UpperQuantile(counts.OccupiedBins - 1, falseAlarmRate) / 2;

    /// <summary>The divergence with the larger of the threshold asked for and what chance alone gives.</summary>
    public static DriftVerdict Judge(BinCounts counts, double threshold, double falseAlarmRate = DriftVerdict.DefaultFalseAlarmRate, int comparisons = 1) =>
        DriftVerdict.Of(Of(counts), threshold, NullQuantile(counts, falseAlarmRate / comparisons));
}
