using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Training.Registry;
using Npgsql;
using NpgsqlTypes;

namespace EcomWorkflows.Pipeline.Scoring.Streaming;

/// <summary>Writes the predictions of an interval in place of those an earlier attempt of it made.</summary>
internal static class StreamPredictionStore
{
    /// <summary>Part of the caller's fenced transaction: the rows of an interval are there once, or not at all.</summary>
    /// <returns>False, and nothing written, where a later interval has been scored already: what the features were then is not known any more.</returns>
    internal static async Task<bool> ReplaceAsync(
        PublishScope scope, ModelVersion model, DateTimeOffset start, DateTimeOffset end, IReadOnlyList<ChangedEntity> entities, float[] probabilities, DateTimeOffset scoredAt,
        CancellationToken cancellationToken)
    {
        await scope.Connection.ExecuteAsync(new CommandDefinition(
            "select pg_advisory_xact_lock(hashtextextended('gold.stream_prediction:' || @Name, 0))",
            new { model.Name }, scope.Transaction, cancellationToken: cancellationToken));
        bool isLate = await scope.Connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            """
            select exists (
              select
              from gold.stream_prediction
              where model_name = @Name
                and interval_start > @start)
            """,
            new { model.Name, start = start.UtcDateTime }, scope.Transaction, cancellationToken: cancellationToken));
        if (isLate)
            return false;
        await scope.Connection.ExecuteAsync(new CommandDefinition(
            """
            delete from gold.stream_prediction
            where model_name = @Name
              and interval_start = @start
            """,
            new { model.Name, start = start.UtcDateTime }, scope.Transaction, cancellationToken: cancellationToken));
        await using NpgsqlBinaryImporter copy = await scope.Connection.BeginBinaryImportAsync(
            """
            copy gold.stream_prediction (model_name, interval_start, interval_end, entity_key, model_version, probability, predicted_label, threshold, feature_timestamp, features_hash,
              run_id, attempt_id, scored_at)
            from stdin (format binary)
            """,
            cancellationToken);
        for (int row = 0; row < entities.Count; row++)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(model.Name, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(start.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
            await copy.WriteAsync(end.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
            await copy.WriteAsync(entities[row].Key, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(model.Version, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync((double)probabilities[row], NpgsqlDbType.Double, cancellationToken);
            await copy.WriteAsync(probabilities[row] >= model.Threshold ? 1 : 0, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(model.Threshold, NpgsqlDbType.Real, cancellationToken);
            await copy.WriteAsync(entities[row].FeatureTimestamp.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
            await copy.WriteAsync(entities[row].Hash, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(scope.Attempt.RunId, NpgsqlDbType.Bigint, cancellationToken);
            await copy.WriteAsync(scope.Attempt.AttemptId, NpgsqlDbType.Bigint, cancellationToken);
            await copy.WriteAsync(scoredAt.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
        return true;
    }
}
