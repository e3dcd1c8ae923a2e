namespace EcomWorkflows.Pipeline.Statistics;

/// <summary>PSI = Σ (c − r) · ln(c / r) over the shares of each bin: 0 for equal distributions, lower is closer. Symmetric.</summary>
/// <remarks>
/// Siddiqi, Credit Risk Scorecards (2006). Its bands 0.1 and 0.25 are conventions: without any drift PSI is distributed about as (1/n + 1/m) · χ² with bins − 1
/// degrees of freedom (Yurdakul and Naranjo, Statistical properties of the population stability index, 2020), so small samples exceed 0.1 by chance alone.
/// </remarks>
internal static class PopulationStabilityIndex
{
    /// <summary>From here on a shift is called moderate.</summary>
    public const double ModerateShift = 0.1;

    /// <summary>From here on a shift is called large.</summary>
    public const double LargeShift = 0.25;

    public static double Of(BinCounts counts) => counts.PositiveShares().Sum(share => (share.Current - share.Reference) * Math.Log(share.Current / share.Reference));

    /// <summary>The value that PSI exceeds with the given probability when nothing has changed.</summary>
    public static double NullQuantile(BinCounts counts, double falseAlarmRate) => counts.SamplingScale * ChiSquare.UpperQuantile(counts.OccupiedBins - 1, falseAlarmRate);

    /// <summary>PSI with the threshold that holds both: it matters (<paramref name="band"/>) and it is not chance.</summary>
    /// <param name="comparisons">How many distributions are judged together: the rate of false alarms is for all of them (Bonferroni).</param>
    public static DriftVerdict Judge(BinCounts counts, double band = ModerateShift, double falseAlarmRate = DriftVerdict.DefaultFalseAlarmRate, int comparisons = 1) =>
        DriftVerdict.Of(Of(counts), band, NullQuantile(counts, falseAlarmRate / comparisons));
}
