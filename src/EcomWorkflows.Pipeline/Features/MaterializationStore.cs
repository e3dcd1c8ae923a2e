using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using System.Text.Json;
using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Records materialisations with their statistics and lineage.</summary>
internal sealed class MaterializationStore
{
    /// <summary>Forgets pushed rows that the lake has now.</summary>
    public static Task TakePushedAsync(PublishScope scope, FeatureView view, long upTo, CancellationToken cancellationToken) =>
        scope.Connection.ExecuteAsync(new CommandDefinition(
            """
            delete from features.pushed_row
            where view_id = @Id
              and version = @Version
              and id <= @upTo
            """,
            new { view.Id, view.Version, upTo }, scope.Transaction, cancellationToken: cancellationToken));

    /// <summary>Records the rows of one as-of time; those an earlier attempt of the same run recorded for it are replaced.</summary>
    public async Task AddAsync(
        PublishScope scope, FeatureView view, FeatureRows rows, LakeSnapshot history, IReadOnlyDictionary<string, long> inputSnapshots, bool online,
        DateTimeOffset createdAt, CancellationToken cancellationToken)
    {
        var id = await scope.Connection.ExecuteScalarAsync<long>(new CommandDefinition(
            """
            delete from features.materialization
            where view_id = @Id
              and as_of = @asOf
              and run_id = @RunId;

            insert into features.materialization
              (view_id, version, as_of, rows, lake_snapshot_id, input_snapshots, online, run_id, attempt_id, created_at)
            values (@Id, @Version, @asOf, @Rows, @SnapshotId, @inputs::jsonb, @online, @RunId, @AttemptId, @createdAt)
            returning id
            """,
            new
            {
                view.Id,
                view.Version,
                asOf = rows.AsOf.UtcDateTime,
                rows.Rows,
                history.SnapshotId,
                inputs = JsonSerializer.Serialize(inputSnapshots),
                online,
                scope.Attempt.RunId,
                scope.Attempt.AttemptId,
                createdAt = createdAt.UtcDateTime,
            },
            scope.Transaction, cancellationToken: cancellationToken));
        await scope.Connection.ExecuteAsync(new CommandDefinition(
            """
            insert into features.feature_statistics (materialization_id, feature, count, null_rate, mean, std, min, max, quantiles, histogram_edges, histogram_counts)
            values (@id, @Feature, @Count, @NullRate, @Mean, @Std, @Min, @Max, @quantiles, @edges, @counts)
            """,
            rows.Statistics.Select(s => new
            {
                id, s.Feature, s.Count, s.NullRate, s.Mean, s.Std, s.Min, s.Max, quantiles = s.Quantiles.ToArray(), edges = s.Histogram?.Edges.ToArray(), counts = s.Histogram?.Counts.ToArray(),
            }).ToArray(),
            scope.Transaction, cancellationToken: cancellationToken));
    }
}
