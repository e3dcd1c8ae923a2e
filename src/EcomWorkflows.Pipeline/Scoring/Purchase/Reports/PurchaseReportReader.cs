using Dapper;
using Npgsql;

namespace EcomWorkflows.Pipeline.Scoring.Purchase.Reports;

/// <summary>Reads what the reports show from the published predictions.</summary>
internal sealed class PurchaseReportReader(NpgsqlConnection connection)
{
    /// <summary>The scorings to report on: of each kind the one this run made, otherwise the newest.</summary>
    internal async Task<IReadOnlyList<ReportedScoring>> ScoringsAsync(string model, long runId, CancellationToken cancellationToken)
    {
        IEnumerable<ReportedScoring> scorings = await connection.QueryAsync<ReportedScoring>(new CommandDefinition(
            """
            select distinct on (kind) scoring_id as "ScoringId", kind as "Kind", variant as "Variant", as_of as "AsOf", outcome_from as "OutcomeFrom", outcome_to as "OutcomeTo",
              outcome_known as "OutcomeKnown", model_name as "ModelName", model_version as "ModelVersion", threshold as "Threshold", pairs as "Pairs",
              training_dataset_tag as "TrainingDatasetTag", features_snapshot_id as "FeaturesSnapshotId"
            from gold.purchase_scoring
            where model_name = @model
            order by kind, (run_id = @runId) desc, as_of desc
            """,
            new { model, runId }, cancellationToken: cancellationToken));
        var found = new List<ReportedScoring>();
        foreach (ReportedScoring scoring in scorings)
            found.Add(scoring.OutcomeKnown ? scoring with { BoughtUnseen = await BoughtUnseenAsync(scoring.ScoringId, cancellationToken) } : scoring);
        return found;
    }

    internal async Task<PurchaseReportTable> TableAsync(PurchaseReportDefinition definition, ReportedScoring scoring, CancellationToken cancellationToken)
    {
        string order = definition.Top is { } top ? $"5 desc, 1 limit {top}" : $"min({definition.Group})";
        IEnumerable<(string Group, long Pairs, long Bought, long Predicted, double Expected, long Hits)> rows = await connection.QueryAsync<(string, long, long, long, double, long)>(
            new CommandDefinition(
                $"""
                select ({definition.Group})::text, count(*), count(o.scoring_id), sum(p.predicted_label), sum(p.predicted_prob), count(o.scoring_id) filter (where p.predicted_label = 1)
                from gold.purchase_score p
                left join gold.purchase_outcome o using (scoring_id, visitorid, itemid)
                where p.scoring_id = @ScoringId
                group by 1
                order by {order}
                """,
                new { scoring.ScoringId }, commandTimeout: 600, cancellationToken: cancellationToken));
        return new PurchaseReportTable(
            definition, scoring,
            [
                .. rows.Select(row => new PurchaseReportRow(
                    definition.Labels is { } labels ? labels[int.Parse(row.Group, System.Globalization.CultureInfo.InvariantCulture)] : row.Group,
                    row.Pairs, scoring.OutcomeKnown ? row.Bought : null, row.Predicted, scoring.OutcomeKnown ? row.Hits : null, row.Expected)),
            ]);
    }

    private Task<long> BoughtUnseenAsync(long scoringId, CancellationToken cancellationToken) =>
        connection.ExecuteScalarAsync<long>(new CommandDefinition(
            """
            select count(*)
            from gold.purchase_outcome o
            where o.scoring_id = @scoringId
              and not exists (
                select
                from gold.purchase_score p
                where p.scoring_id = @scoringId
                  and p.visitorid = o.visitorid
                  and p.itemid = o.itemid)
            """,
            new { scoringId }, commandTimeout: 600, cancellationToken: cancellationToken));
}
