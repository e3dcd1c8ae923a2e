namespace EcomWorkflows.Pipeline.Scoring;

/// <summary>What all predictions of one scoring have in common: a row of <c>gold.churn_scoring</c>.</summary>
internal sealed record ChurnScoring(
    string Source,
    DateTimeOffset AsOf,
    string ModelName,
    int ModelVersion,
    float Threshold,
    int GapDays,
    int OutcomeDays,
    string FeatureView,
    int? FeatureViewVersion,
    long FeaturesSnapshotId,
    string? TrainingDatasetTag,
    DateTimeOffset ScoredAt);
