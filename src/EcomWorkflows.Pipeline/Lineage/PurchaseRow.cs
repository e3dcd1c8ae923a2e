namespace EcomWorkflows.Pipeline.Lineage;

/// <summary>A row of <c>gold.purchase_predictions</c>. Times are UTC, as the driver delivers them.</summary>
/// <param name="Bought">What happened: 1 or 0; null while the outcome window is open.</param>
/// <param name="CandidateDays">How far before <paramref name="AsOf"/> the features look; null: the whole history.</param>
internal sealed record PurchaseRow(
    string Source, string Variant, string Kind, DateTime AsOf, string Visitor, string Item, double Probability, int Label, int? Bought, float Threshold, string ModelName,
    int ModelVersion, string FeatureView, int? FeatureViewVersion, long FeaturesSnapshot, DateTime OutcomeFrom, DateTime OutcomeTo, int? CandidateDays, string? Drivers, long RunId, long AttemptId, DateTime ScoredAt);
