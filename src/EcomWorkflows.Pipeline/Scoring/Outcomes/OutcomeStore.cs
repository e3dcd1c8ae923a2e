using System.Text.Json;
using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Scoring.Retention;
using Npgsql;

namespace EcomWorkflows.Pipeline.Scoring.Outcomes;

/// <summary>Outcomes of scorings and retention lists in PostgreSQL.</summary>
public sealed class OutcomeStore(NpgsqlDataSource database)
{
    /// <summary>Outcomes of the scorings a model version made, the newest first.</summary>
    public async Task<IReadOnlyList<ChurnOutcome>> ListAsync(string model, int version, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        IEnumerable<ChurnOutcomeRow> rows = await connection.QueryAsync<ChurnOutcomeRow>(new CommandDefinition(
            """
            select source, as_of, model_name, model_version, outcome_end, customers, churned, mean_probability, trained_rate, rate_threshold, metrics::text as metrics, roc_auc,
              trained_roc_auc, label_drift, decayed, run_id, evaluated_at
            from gold.churn_outcome
            where model_name = @model
              and model_version = @version
            order by as_of desc
            """,
            new { model, version }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToOutcome())];
    }

    /// <summary>What the lists of a source, or of all, brought; the newest first.</summary>
    public async Task<IReadOnlyList<RetentionOutcome>> RetentionAsync(string? source, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        IEnumerable<RetentionOutcomeRow> rows = await connection.QueryAsync<RetentionOutcomeRow>(new CommandDefinition(
            """
            select source, as_of, contacted, contacted_churned, held_out, held_out_churned, uplift, uplift_low, uplift_high, run_id, evaluated_at
            from gold.retention_outcome
            where @source::text is null or source = @source
            order by as_of desc
            """,
            new { source }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToOutcome())];
    }

    /// <summary>Moments whose scoring was evaluated after it was made.</summary>
    internal async Task<HashSet<DateTimeOffset>> EvaluatedAsync(string source, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. (await connection.QueryAsync<DateTime>(new CommandDefinition(
            """
            select o.as_of
            from gold.churn_outcome o
            join gold.churn_scoring s on s.source = o.source and s.as_of = o.as_of
            left join gold.retention_list l on l.source = o.source and l.as_of = o.as_of
            where o.source = @source
              and o.evaluated_at >= s.scored_at
              and (l.made_at is null or o.evaluated_at >= l.made_at)
            """,
            new { source }, cancellationToken: cancellationToken))).Select(asOf => new DateTimeOffset(asOf))];
    }

    /// <summary>The groups of the list of a moment; empty where there is none.</summary>
    internal async Task<IReadOnlyList<(string Customer, bool IsHeldOut)>> TargetsAsync(string source, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<(string, bool)>(new CommandDefinition(
            $"""
            select customer_id, target_group = '{RetentionTarget.HoldoutGroup}'
            from gold.retention_target
            where source = @source
              and as_of = @asOf
            """,
            new { source, asOf = asOf.UtcDateTime }, cancellationToken: cancellationToken))];
    }

    /// <summary>Writes outcomes in place of earlier ones of the same moments; part of the caller's fenced transaction.</summary>
    internal static async Task SaveAsync(PublishScope scope, IReadOnlyList<ChurnOutcome> outcomes, IReadOnlyList<RetentionOutcome> retention, CancellationToken cancellationToken)
    {
        await scope.Connection.ExecuteAsync(new CommandDefinition(
            """
            delete from gold.churn_outcome
            where source = @Source
              and as_of = @AsOf;

            insert into gold.churn_outcome (source, as_of, model_name, model_version, outcome_end, customers, churned, mean_probability, trained_rate, rate_threshold, metrics, roc_auc,
              trained_roc_auc, label_drift, decayed, run_id, evaluated_at)
            values (@Source, @AsOf, @ModelName, @ModelVersion, @OutcomeEnd, @Customers, @Churned, @MeanProbability, @TrainedRate, @RateThreshold, @json::jsonb, @RocAuc,
              @TrainedRocAuc, @LabelDrift, @Decayed, @RunId, @EvaluatedAt);
            """,
            outcomes.Select(one => new
            {
                one.Source, one.AsOf, one.ModelName, one.ModelVersion, one.OutcomeEnd, one.Customers, one.Churned, one.MeanProbability, one.TrainedRate, one.RateThreshold,
                json = JsonSerializer.Serialize(one.Metrics, TaskJson.Options), one.RocAuc, one.TrainedRocAuc, one.LabelDrift, one.Decayed, one.RunId, one.EvaluatedAt,
            }).ToArray(),
            scope.Transaction, cancellationToken: cancellationToken));
        await scope.Connection.ExecuteAsync(new CommandDefinition(
            """
            delete from gold.retention_outcome
            where source = @Source
              and as_of = @AsOf;

            insert into gold.retention_outcome (source, as_of, contacted, contacted_churned, held_out, held_out_churned, uplift, uplift_low, uplift_high, run_id, evaluated_at)
            values (@Source, @AsOf, @Contacted, @ContactedChurned, @HeldOut, @HeldOutChurned, @Uplift, @UpliftLow, @UpliftHigh, @RunId, @EvaluatedAt);
            """,
            retention, scope.Transaction, cancellationToken: cancellationToken));
    }
}
