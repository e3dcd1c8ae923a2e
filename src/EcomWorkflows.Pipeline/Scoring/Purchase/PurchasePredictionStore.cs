using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Pipeline.Scoring.Purchase;

/// <summary>Writes a scoring in place of an earlier one of the same model, kind and moment; part of the caller's fenced transaction.</summary>
internal static class PurchasePredictionStore
{
    /// <summary>Fills a new partition beside the old one.</summary>
    /// <returns>The scoring, to be put in its place by <see cref="SwapAsync"/>.</returns>
    internal static async Task<StagedScoring> StageAsync(PublishScope scope, PurchaseScoring scoring, ScoredRows scored, CancellationToken cancellationToken)
    {
        await ExecuteAsync(scope, "select pg_advisory_xact_lock(hashtextextended('gold.purchase_scoring:' || @ModelName, 0))", new { scoring.ModelName }, cancellationToken);
        string? old = await scope.Connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            """
            select scores_table
            from gold.purchase_scoring
            where model_name = @ModelName
              and kind = @Kind
              and as_of = @AsOf
            """,
            new { scoring.ModelName, scoring.Kind, scoring.AsOf }, scope.Transaction, cancellationToken: cancellationToken));
        string table = $"purchase_score_a{scope.Attempt.AttemptId}_{scoring.Kind}";
        long id = await UpsertAsync(scope, scoring, scored, table, cancellationToken);
        // The check lets the partition be attached without reading it again.
        await ExecuteAsync(
            scope,
            $"""
            create table gold.{table} (like gold.purchase_score including constraints);
            alter table gold.{table} add constraint belongs_to_scoring check (scoring_id = {id});
            """,
            null, cancellationToken);
        await CopyAsync(scope.Connection, table, id, scoring.Threshold, scored, cancellationToken);
        await ExecuteAsync(scope, $"alter table gold.{table} add primary key (visitorid, itemid)", null, cancellationToken);
        return new StagedScoring(id, table, old);
    }

    /// <summary>The last step, because from here to the commit readers of all predictions wait.</summary>
    internal static async Task SwapAsync(PublishScope scope, StagedScoring staged, CancellationToken cancellationToken)
    {
        if (staged.ReplacedTable is { } old)
            await ExecuteAsync(scope, $"drop table gold.{old}", null, cancellationToken);
        await ExecuteAsync(scope, $"alter table gold.purchase_score attach partition gold.{staged.Table} for values in ({staged.ScoringId})", null, cancellationToken);
    }

    /// <summary>Writes which pairs were bought in a scoring's outcome window; from then on its labels are known.</summary>
    internal static async Task WriteOutcomeAsync(PublishScope scope, long scoringId, BoughtPairs bought, CancellationToken cancellationToken)
    {
        await ExecuteAsync(scope, "delete from gold.purchase_outcome where scoring_id = @scoringId", new { scoringId }, cancellationToken);
        await RowCopy.WriteAsync(
            scope.Connection, "copy gold.purchase_outcome (scoring_id, visitorid, itemid) from stdin (format binary)", bought.Count,
            (buffer, pair) =>
            {
                buffer.Row(fields: 3);
                buffer.Int64(scoringId);
                buffer.Text(bought.Visitors[pair]);
                buffer.Text(bought.Items[pair]);
            },
            cancellationToken);
        await ExecuteAsync(scope, "update gold.purchase_scoring set outcome_known = true where scoring_id = @scoringId", new { scoringId }, cancellationToken);
    }

    /// <summary>Lets the planner know of new scorings: a join of scores and outcomes whose statistics lack a scoring is taken for one of a few rows, and runs for minutes.</summary>
    internal static Task AnalyzeAsync(PublishScope scope, IEnumerable<StagedScoring> staged, CancellationToken cancellationToken) =>
        ExecuteAsync(scope, $"analyze {string.Join(", ", staged.Select(one => $"gold.{one.Table}").Append("gold.purchase_outcome"))}", null, cancellationToken);

    /// <summary>Scorings of a model whose labels are not known yet, the oldest first.</summary>
    internal static async Task<IReadOnlyList<OpenOutcome>> OpenAsync(NpgsqlDataSource database, string model, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<OpenOutcome>(new CommandDefinition(
            """
            select scoring_id as "ScoringId", outcome_from as "From", outcome_to as "To"
            from gold.purchase_scoring
            where model_name = @model
              and kind = 'latest'
              and not outcome_known
            order by as_of
            """,
            new { model }, cancellationToken: cancellationToken))).AsList();
    }

    private static Task<long> UpsertAsync(PublishScope scope, PurchaseScoring scoring, ScoredRows scored, string table, CancellationToken cancellationToken) =>
        scope.Connection.ExecuteScalarAsync<long>(new CommandDefinition(
            """
            insert into gold.purchase_scoring (model_name, kind, as_of, source, variant, model_version, threshold, outcome_from, outcome_to, outcome_known, feature_view,
              feature_view_version, features_snapshot_id, training_dataset_tag, candidate_days, pairs, predicted_purchases, scores_table, run_id, attempt_id, scored_at)
            values (@ModelName, @Kind, @AsOf, @Source, @variant, @ModelVersion, @Threshold, @OutcomeFrom, @OutcomeTo, false, @FeatureView,
              @FeatureViewVersion, @FeaturesSnapshotId, @TrainingDatasetTag, @CandidateDays, @pairs, @predicted, @table, @RunId, @AttemptId, @ScoredAt)
            on conflict (model_name, kind, as_of) do update
            set source = excluded.source,
              variant = excluded.variant,
              model_version = excluded.model_version,
              threshold = excluded.threshold,
              outcome_from = excluded.outcome_from,
              outcome_to = excluded.outcome_to,
              outcome_known = false,
              feature_view = excluded.feature_view,
              feature_view_version = excluded.feature_view_version,
              features_snapshot_id = excluded.features_snapshot_id,
              training_dataset_tag = excluded.training_dataset_tag,
              candidate_days = excluded.candidate_days,
              pairs = excluded.pairs,
              predicted_purchases = excluded.predicted_purchases,
              scores_table = excluded.scores_table,
              run_id = excluded.run_id,
              attempt_id = excluded.attempt_id,
              scored_at = excluded.scored_at
            returning scoring_id
            """,
            new
            {
                scoring.ModelName,
                scoring.Kind,
                scoring.AsOf,
                scoring.Source,
                variant = scoring.Variant.ToString().ToLowerInvariant(),
                scoring.ModelVersion,
                scoring.Threshold,
                scoring.OutcomeFrom,
                scoring.OutcomeTo,
                scoring.FeatureView,
                scoring.FeatureViewVersion,
                scoring.FeaturesSnapshotId,
                scoring.TrainingDatasetTag,
                scoring.CandidateDays,
                pairs = (long)scored.Count,
                predicted = scored.Positives(scoring.Threshold),
                table,
                scope.Attempt.RunId,
                scope.Attempt.AttemptId,
                scoring.ScoredAt,
            },
            scope.Transaction, cancellationToken: cancellationToken));

    private static Task CopyAsync(NpgsqlConnection connection, string table, long scoringId, float threshold, ScoredRows scored, CancellationToken cancellationToken) =>
        RowCopy.WriteAsync(
            connection,
            $"""
            copy gold.{table} (scoring_id, visitorid, itemid, predicted_label, predicted_prob, interaction_score, funnel_depth, engagement_score, top_drivers)
            from stdin (format binary)
            """,
            scored.Count,
            (buffer, pair) =>
            {
                float probability = scored.Probabilities[pair];
                buffer.Row(fields: 9);
                buffer.Int64(scoringId);
                buffer.Text(scored.Keys[0][pair]);
                buffer.Text(scored.Keys[1][pair]);
                buffer.Int32(probability >= threshold ? 1 : 0);
                buffer.Double(probability);
                buffer.Single(scored.Kept[3 * pair]);
                buffer.Int32((int)scored.Kept[(3 * pair) + 1]);
                buffer.Single(scored.Kept[(3 * pair) + 2]);
                buffer.Drivers(scored.Drivers.GetValueOrDefault(pair));
            },
            cancellationToken);

    private static Task ExecuteAsync(PublishScope scope, string sql, object? parameters, CancellationToken cancellationToken) =>
        scope.Connection.ExecuteAsync(new CommandDefinition(sql, parameters, scope.Transaction, commandTimeout: 600, cancellationToken: cancellationToken));
}
