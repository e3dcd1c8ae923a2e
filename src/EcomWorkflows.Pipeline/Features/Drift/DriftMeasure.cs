using EcomWorkflows.Pipeline.Statistics;

namespace EcomWorkflows.Pipeline.Features.Drift;

/// <summary>Judges one feature's values against a reference.</summary>
internal static class DriftMeasure
{
    /// <summary>Null rates that differ by less than this do not matter.</summary>
    private const double NoticeableNullRate = 0.02;

    /// <summary>Quantile of the normal distribution for one false alarm in a hundred, both sides, before it is shared by the features.</summary>
    private const double FalseAlarmRate = 0.01;

    /// <param name="current">Numbers now; NaN where the value is null.</param>
    /// <param name="reference">Likewise, at the earlier time.</param>
    /// <param name="isNumber">False for texts: only their nulls are judged.</param>
    /// <param name="comparisons">How many features are judged together.</param>
    public static FeatureDrift Judge(string feature, double[] current, double[] reference, bool isNumber, int comparisons)
    {
        var (now, then) = (Known(current), Known(reference));
        var (nullRate, referenceNullRate) = (1 - ((double)now.Length / current.Length), 1 - ((double)then.Length / reference.Length));
        var pooled = (double)(current.Length - now.Length + reference.Length - then.Length) / (current.Length + reference.Length);
        var chance = MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, 1 - (FalseAlarmRate / comparisons / 2))
            * Math.Sqrt(pooled * (1 - pooled) * ((1.0 / current.Length) + (1.0 / reference.Length)));
        var drift = new FeatureDrift(feature, current.Length, reference.Length, null, null, null, null, nullRate, referenceNullRate, Math.Max(NoticeableNullRate, chance));
        if (!isNumber || now.Length == 0 || then.Length == 0)
            return drift;
        var bins = QuantileBins.Fit(then);
        var psi = PopulationStabilityIndex.Judge(new BinCounts(bins.CountsOf(then), bins.CountsOf(now)), comparisons: comparisons);
        var ks = KolmogorovSmirnov.Judge(KolmogorovSmirnov.Of(then, now), then.Length, now.Length, comparisons: comparisons);
        return drift with { Psi = psi.Value, PsiThreshold = psi.Threshold, Ks = ks.Value, KsThreshold = ks.Threshold };
    }

    private static double[] Known(double[] values)
    {
        var known = Array.FindAll(values, value => !double.IsNaN(value));
        Array.Sort(known);
        return known;
    }
}
