using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;
using EcomWorkflows.Pipeline.Training.Purchase;
using EcomWorkflows.Pipeline.Training.Registry;

namespace EcomWorkflows.Pipeline.Scoring.Purchase;

/// <summary>Which moments are scored, and in which window their outcome lies. The moments are those of the tables, so features and predictions cannot fall apart.</summary>
/// <param name="firstEvent">Of the whole history: the classic variant's outcome begins with it.</param>
internal sealed class PurchaseScoringPlan(
    SourceMapping mapping, PurchaseVariant variant, ModelVersion champion, PurchaseSnapshots tables, Func<LakeSnapshot, string> scan, DateTimeOffset firstEvent, DateTimeOffset now)
{
    /// <summary>The scorings, the newest day's last.</summary>
    /// <exception cref="TaskFailedException">There is no pair to score.</exception>
    internal IReadOnlyList<PurchaseScoring> Read(DuckDbConnection duckdb, CancellationToken cancellationToken)
    {
        DateTimeOffset latest = Moment(duckdb, $"select max(event_timestamp) from {scan(tables.Latest)}", cancellationToken) ?? throw new TaskFailedException(
            $"No visitor of '{mapping.Source}' viewed, carted or bought an item in the {mapping.Purchase.CandidateDays} days before the newest event, so there is no pair to score. Bring newer data.",
            FailureCause.BadData, retryable: false);
        if (variant == PurchaseVariant.Classic)
            return [Of(PurchaseScoring.Latest, latest, firstEvent, latest, tables.Latest, known: true)];

        DateTimeOffset test = Moment(duckdb, $"select max(cutoff) from {scan(tables.TrainingSet)} where split = 'test'", cancellationToken)!.Value;
        return [Ahead(PurchaseScoring.Holdout, test, tables.TrainingSet, known: true), Ahead(PurchaseScoring.Latest, latest, tables.Latest, known: false)];
    }

    private PurchaseScoring Ahead(string kind, DateTimeOffset asOf, LakeSnapshot features, bool known)
    {
        DateTimeOffset from = asOf.AddDays(mapping.Purchase.GapDays);
        return Of(kind, asOf, from, from.AddDays(mapping.Purchase.OutcomeDays), features, known);
    }

    private PurchaseScoring Of(string kind, DateTimeOffset asOf, DateTimeOffset outcomeFrom, DateTimeOffset outcomeTo, LakeSnapshot features, bool known) => new(
        mapping.Source, variant, kind, asOf, champion.Name, champion.Version, champion.Threshold, outcomeFrom, outcomeTo,
        champion.Lineage.FeatureView, features.SnapshotId, champion.Lineage.DatasetTag, now)
    {
        CandidateDays = variant == PurchaseVariant.Classic ? null : mapping.Purchase.CandidateDays,
        OutcomeKnown = known,
    };

    private static DateTimeOffset? Moment(DuckDbConnection duckdb, string query, CancellationToken cancellationToken)
    {
        using DuckDbReader reader = duckdb.Query(query, null, cancellationToken);
        return reader.Read() && !reader.IsNull(0) ? new DateTimeOffset(DateTime.SpecifyKind(reader.Get<DateTime>(0), DateTimeKind.Utc)) : null;
    }
}
