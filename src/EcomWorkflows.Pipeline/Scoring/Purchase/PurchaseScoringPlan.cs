using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Features.VisitorItem;
using EcomWorkflows.Pipeline.Sources;
using EcomWorkflows.Pipeline.Training.Purchase;
using EcomWorkflows.Pipeline.Training.Registry;

namespace EcomWorkflows.Pipeline.Scoring.Purchase;

/// <summary>Which moments are scored, in which window their outcome lies, and where their pairs are read; the newest day's last.</summary>
internal sealed class PurchaseScoringPlan(SourceMapping mapping, ModelVersion champion, DateTimeOffset now)
{
    /// <summary>The pairs of the test cutoff and those of the newest day, as the feature store had them.</summary>
    /// <param name="rows">Table expression: of each candidate pair of a moment (<c>event_timestamp</c>), the features known at it.</param>
    internal IReadOnlyList<PlannedScoring> Honest(ChurnWindows windows, TaskFeatures known, string rows) =>
    [
        Ahead(PurchaseScoring.Holdout, windows.TestCutoff, known, rows, outcomeKnown: true),
        Ahead(PurchaseScoring.Latest, windows.ScoreAsOf, known, rows, outcomeKnown: false),
    ];

    /// <summary>All pairs of the history, whose outcome is of the same period.</summary>
    /// <param name="firstEvent">The outcome begins with it.</param>
    internal IReadOnlyList<PlannedScoring> Classic(DateTimeOffset firstEvent, DateTimeOffset asOf, long snapshotId, string rows) =>
    [
        new(
            Of(PurchaseVariant.Classic, PurchaseScoring.Latest, asOf, firstEvent, asOf, champion.Lineage.FeatureView, snapshotId) with { OutcomeKnown = true },
            rows),
    ];

    private PlannedScoring Ahead(string kind, DateTimeOffset asOf, TaskFeatures known, string rows, bool outcomeKnown)
    {
        DateTimeOffset from = asOf.AddDays(mapping.Purchase.GapDays);
        PurchaseScoring scoring = Of(PurchaseVariant.Honest, kind, asOf, from, from.AddDays(mapping.Purchase.OutcomeDays), known.View.Name, known.SnapshotId) with
        {
            FeatureViewVersion = known.View.Version, CandidateDays = mapping.Purchase.CandidateDays, OutcomeKnown = outcomeKnown,
        };
        return new PlannedScoring(scoring, $"{rows} where event_timestamp = {PairSql.Literal(asOf)}");
    }

    private PurchaseScoring Of(PurchaseVariant variant, string kind, DateTimeOffset asOf, DateTimeOffset outcomeFrom, DateTimeOffset outcomeTo, string featureView, long snapshotId) => new(
        mapping.Source, variant, kind, asOf, champion.Name, champion.Version, champion.Threshold, outcomeFrom, outcomeTo, featureView, snapshotId, champion.Lineage.DatasetTag, now);
}
