namespace EcomWorkflows.Pipeline.Lineage;

/// <summary>A row of <c>gold.churn_predictions</c>. Times are UTC, as the driver delivers them.</summary>
internal sealed record PredictionRow(
    string Source, DateTime AsOf, string Customer, double Probability, int Label, float Threshold, string? Drivers, string ModelName, int ModelVersion,
    string FeatureView, int? FeatureViewVersion, long FeaturesSnapshot, int OutcomeDays, long RunId, long AttemptId, DateTime ScoredAt);
