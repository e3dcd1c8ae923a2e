using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Pipeline.Scoring;

/// <summary>Writes a scoring in place of an earlier one for the same source and moment.</summary>
internal static class ChurnPredictionStore
{
    /// <summary>Fills a new partition, then swaps it in; part of the caller's fenced transaction.</summary>
    internal static async Task ReplaceAsync(PublishScope scope, ChurnScoring scoring, ScoredRows scored, CancellationToken cancellationToken)
    {
        string table = $"churn_score_a{scope.Attempt.AttemptId}";
        await ExecuteAsync(
            scope,
            $"""
            select pg_advisory_xact_lock(hashtextextended('gold.churn_scoring:' || @Source, 0));

            create table gold.{table} (like gold.churn_score including constraints);
            alter table gold.{table} drop column source, drop column as_of;
            """,
            new { scoring.Source }, cancellationToken);
        await CopyAsync(scope.Connection, table, scoring, scored, cancellationToken);
        // What all rows have in common is the table's, not each row's: a column added with a constant is stored once.
        await ExecuteAsync(
            scope,
            $"""
            alter table gold.{table}
              add primary key (customer_id),
              add column source text collate "C" not null default {Literal(scoring.Source)},
              add column as_of timestamptz not null default {Literal(Timestamp(scoring.AsOf))};
            alter table gold.{table} alter column source drop default, alter column as_of drop default
            """,
            null, cancellationToken);

        string? old = await scope.Connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            """
            select scores_table
            from gold.churn_scoring
            where source = @Source
              and as_of = @AsOf
            """,
            new { scoring.Source, scoring.AsOf }, scope.Transaction, cancellationToken: cancellationToken));
        // Last, because from here to the commit readers of all predictions wait.
        if (old is not null)
            await ExecuteAsync(scope, $"drop table gold.{old}", null, cancellationToken);
        await ExecuteAsync(scope, $"alter table gold.churn_score attach partition gold.{table} {Bounds(scoring)}", null, cancellationToken);
        await UpsertScoringAsync(scope, scoring, scored, table, cancellationToken);
    }

    private static Task UpsertScoringAsync(PublishScope scope, ChurnScoring scoring, ScoredRows scored, string table, CancellationToken cancellationToken) =>
        ExecuteAsync(
            scope,
            """
            insert into gold.churn_scoring (source, as_of, model_name, model_version, threshold, gap_days, outcome_days, feature_view, feature_view_version,
              features_snapshot_id, training_dataset_tag, customers, at_risk, scores_table, run_id, attempt_id, scored_at)
            values (@Source, @AsOf, @ModelName, @ModelVersion, @Threshold, @GapDays, @OutcomeDays, @FeatureView, @FeatureViewVersion,
              @FeaturesSnapshotId, @TrainingDatasetTag, @customers, @atRisk, @table, @RunId, @AttemptId, @ScoredAt)
            on conflict (source, as_of) do update
            set model_name = excluded.model_name,
              model_version = excluded.model_version,
              threshold = excluded.threshold,
              gap_days = excluded.gap_days,
              outcome_days = excluded.outcome_days,
              feature_view = excluded.feature_view,
              feature_view_version = excluded.feature_view_version,
              features_snapshot_id = excluded.features_snapshot_id,
              training_dataset_tag = excluded.training_dataset_tag,
              customers = excluded.customers,
              at_risk = excluded.at_risk,
              scores_table = excluded.scores_table,
              run_id = excluded.run_id,
              attempt_id = excluded.attempt_id,
              scored_at = excluded.scored_at
            """,
            new
            {
                scoring.Source,
                scoring.AsOf,
                scoring.ModelName,
                scoring.ModelVersion,
                scoring.Threshold,
                scoring.GapDays,
                scoring.OutcomeDays,
                scoring.FeatureView,
                scoring.FeatureViewVersion,
                scoring.FeaturesSnapshotId,
                scoring.TrainingDatasetTag,
                customers = (long)scored.Count,
                atRisk = scored.Positives(scoring.Threshold),
                table,
                scope.Attempt.RunId,
                scope.Attempt.AttemptId,
                scoring.ScoredAt,
            },
            cancellationToken);

    private static Task CopyAsync(NpgsqlConnection connection, string table, ChurnScoring scoring, ScoredRows scored, CancellationToken cancellationToken)
    {
        return RowCopy.WriteAsync(
            connection, $"copy gold.{table} (customer_id, churn_probability, predicted_label, top_drivers) from stdin (format binary, freeze)", scored.Count,
            (buffer, customer) =>
            {
                float probability = scored.Probabilities[customer];
                buffer.Row(fields: 4);
                buffer.Text(scored.Keys[0][customer]);
                buffer.Double(probability);
                buffer.Int32(probability >= scoring.Threshold ? 1 : 0);
                buffer.Drivers(scored.Drivers, customer);
            },
            cancellationToken);
    }

    private static string Bounds(ChurnScoring scoring)
    {
        string source = Literal(scoring.Source);
        return $"for values from ({source}, {Literal(Timestamp(scoring.AsOf))}) to ({source}, {Literal(Timestamp(scoring.AsOf.AddMicroseconds(1)))})";
    }

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Timestamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff") + "+00";

    private static Task ExecuteAsync(PublishScope scope, string sql, object? parameters, CancellationToken cancellationToken) =>
        scope.Connection.ExecuteAsync(new CommandDefinition(sql, parameters, scope.Transaction, commandTimeout: 600, cancellationToken: cancellationToken));
}
