using EcomWorkflows.Pipeline.Training.Purchase;

namespace EcomWorkflows.Pipeline.Scoring.Purchase;

/// <summary>What all predictions of one scoring have in common: a row of <c>gold.purchase_scoring</c>.</summary>
/// <param name="Kind"><see cref="Holdout"/> or <see cref="Latest"/>.</param>
/// <param name="OutcomeFrom">The probability is that of a purchase in [OutcomeFrom, OutcomeTo).</param>
internal sealed record PurchaseScoring(
    string Source,
    PurchaseVariant Variant,
    string Kind,
    DateTimeOffset AsOf,
    string ModelName,
    int ModelVersion,
    float Threshold,
    DateTimeOffset OutcomeFrom,
    DateTimeOffset OutcomeTo,
    string FeatureView,
    long FeaturesSnapshotId,
    string? TrainingDatasetTag,
    DateTimeOffset ScoredAt)
{
    /// <summary>The pairs of the test cutoff, which the model has not learned from and whose outcome is known.</summary>
    internal const string Holdout = "holdout";

    /// <summary>The pairs of the newest day.</summary>
    internal const string Latest = "latest";

    /// <summary>Version of the feature view the pairs were read from; null in the classic variant, whose features are none of the store's.</summary>
    internal int? FeatureViewVersion { get; init; }

    /// <summary>How far before the moment the features look; null: the whole history.</summary>
    internal int? CandidateDays { get; init; }

    /// <summary>Whether the outcome window was over when the scoring was made.</summary>
    internal bool OutcomeKnown { get; init; }
}
