namespace EcomWorkflows.Pipeline.Scoring.Purchase.Reports;

/// <summary>A scoring the reports are about. Times are UTC, as the driver delivers them.</summary>
internal sealed record ReportedScoring(
    long ScoringId, string Kind, string Variant, DateTime AsOf, DateTime OutcomeFrom, DateTime OutcomeTo, bool OutcomeKnown, string ModelName, int ModelVersion, float Threshold,
    long Pairs, string? TrainingDatasetTag, long FeaturesSnapshotId)
{
    /// <summary>Pairs bought in the outcome window that were no candidates; null while it is open.</summary>
    internal long? BoughtUnseen { get; init; }

    internal string Words => Kind == PurchaseScoring.Holdout ? "Hold-out: predicted, and what happened" : OutcomeKnown ? "All pairs: predicted, and what happened" : "Now: predicted";
}
