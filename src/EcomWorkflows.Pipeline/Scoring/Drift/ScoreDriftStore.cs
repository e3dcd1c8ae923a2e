using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Pipeline.Scoring.Drift;

/// <summary>Judgements of scorings in PostgreSQL.</summary>
public sealed class ScoreDriftStore(NpgsqlDataSource database)
{
    /// <summary>Judgements of the scorings a model version made, the newest first.</summary>
    public async Task<IReadOnlyList<ScoreDrift>> ListAsync(string model, int version, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        IEnumerable<ScoreDriftRow> rows = await connection.QueryAsync<ScoreDriftRow>(new CommandDefinition(
            """
            select source, as_of, reference, model_name, model_version, reference_as_of, reference_version, rows, reference_rows, mean, reference_mean,
              psi, psi_threshold, ks, ks_threshold, drifted, run_id, checked_at
            from gold.score_drift
            where model_name = @model
              and model_version = @version
            order by as_of desc, reference
            """,
            new { model, version }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToDrift())];
    }

    /// <summary>Writes judgements in place of earlier ones of the same scoring; part of the caller's fenced transaction.</summary>
    internal static Task SaveAsync(PublishScope scope, IReadOnlyList<ScoreDrift> drifts, CancellationToken cancellationToken) =>
        scope.Connection.ExecuteAsync(new CommandDefinition(
            """
            delete from gold.score_drift
            where source = @Source
              and as_of = @AsOf
              and reference = @Reference;

            insert into gold.score_drift (source, as_of, reference, model_name, model_version, reference_as_of, reference_version, rows, reference_rows, mean, reference_mean,
              psi, psi_threshold, ks, ks_threshold, drifted, run_id, checked_at)
            values (@Source, @AsOf, @Reference, @ModelName, @ModelVersion, @ReferenceAsOf, @ReferenceVersion, @Rows, @ReferenceRows, @Mean, @ReferenceMean,
              @Psi, @PsiThreshold, @Ks, @KsThreshold, @Drifted, @RunId, @CheckedAt);
            """,
            drifts, scope.Transaction, cancellationToken: cancellationToken));
}
