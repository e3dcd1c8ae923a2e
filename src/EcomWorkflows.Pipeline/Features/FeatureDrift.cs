namespace EcomWorkflows.Pipeline.Features;

/// <summary>How the values of one feature now are distributed against those of an earlier time.</summary>
/// <param name="Psi">Population stability index; null where a side has no number.</param>
/// <param name="PsiThreshold">The larger of 0.1 and what chance gives at these sample sizes, over all features judged together.</param>
/// <param name="Ks">Kolmogorov-Smirnov distance.</param>
/// <param name="NullThreshold">What the null rates may differ at most: the larger of 0.02 and what chance gives.</param>
public sealed record FeatureDrift(
    string Feature,
    long Rows,
    long ReferenceRows,
    double? Psi,
    double? PsiThreshold,
    double? Ks,
    double? KsThreshold,
    double NullRate,
    double ReferenceNullRate,
    double NullThreshold)
{
    /// <summary>PSI says so, or the null rate does. KS is shown beside them: in large data it fires on trifles.</summary>
    public bool Drifted => Psi > PsiThreshold || Math.Abs(NullRate - ReferenceNullRate) > NullThreshold;
}
