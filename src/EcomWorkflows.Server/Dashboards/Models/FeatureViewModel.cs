using EcomWorkflows.Pipeline.Features;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>One version of a feature view, and all that is known of it.</summary>
public sealed record FeatureViewModel(
    FeatureView View,
    IReadOnlyList<FeatureView> Versions,
    IReadOnlyList<FeatureMaterialization> Materializations,
    IReadOnlyList<FeatureTrend> Trends,
    FeatureDriftCheck? Drift,
    FeatureConsistency? Consistency,
    IReadOnlyList<FeatureSample> Sample,
    IReadOnlyList<FeatureService> Services,
    IReadOnlyList<FeatureView> ComputedFrom,
    IReadOnlyList<FeatureModelUse> Models)
{
    /// <summary>The newest values of this version; null before its first materialisation.</summary>
    public FeatureMaterialization? Freshest => Materializations.Where(m => m.Version == View.Version).MaxBy(m => m.AsOf);
}
