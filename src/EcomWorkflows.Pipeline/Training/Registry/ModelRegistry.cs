using System.Text.Json;
using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>The registered models: an index in PostgreSQL over folders in MLflow's layout.</summary>
public sealed class ModelRegistry(NpgsqlDataSource database, PipelineOptions options)
{
    /// <summary>The alias scoring follows.</summary>
    public const string Champion = "champion";

    private const string SelectVersion =
        """
        select v.name, v.version, v.learner, v.folder, v.model_sha256, v.features, v.threshold, v.parameters, v.metrics,
          v.source, v.training_snapshot_id, v.dataset_tag, v.dataset_commit, v.feature_view, v.feature_view_version, v.train_cutoff, v.test_cutoff,
          v.dag_id, v.run_key, v.run_id, v.attempt_id, v.created_at
        from registry.model_version v
        """;

    /// <summary>Gives the draft the next version number, moves its folder to its place and indexes it; part of the caller's fenced transaction.</summary>
    /// <returns>The existing version where the same run registered the same model before.</returns>
    public async Task<ModelVersion> RegisterAsync(PublishScope scope, ModelDraft draft, CancellationToken cancellationToken)
    {
        // Locking the model's row makes version numbers consecutive: two runs never get the same one.
        await scope.Connection.ExecuteAsync(new CommandDefinition(
            """
            insert into registry.model (name)
            values (@Name)
            on conflict do nothing;

            select name
            from registry.model
            where name = @Name
            for update;
            """,
            new { draft.Name }, scope.Transaction, cancellationToken: cancellationToken));
        if (await FindSameAsync(scope, draft, cancellationToken) is { } same)
            return same;

        int version = await scope.Connection.ExecuteScalarAsync<int>(new CommandDefinition(
            """
            select coalesce(max(version), 0) + 1
            from registry.model_version
            where name = @Name
            """,
            new { draft.Name }, scope.Transaction, cancellationToken: cancellationToken));
        string folder = ModelFolders.Relative(draft.Name, version);
        await scope.Connection.ExecuteAsync(new CommandDefinition(
            """
            insert into registry.model_version (name, version, learner, folder, model_sha256, features, threshold, parameters, metrics,
              source, training_snapshot_id, dataset_tag, dataset_commit, feature_view, feature_view_version, train_cutoff, test_cutoff,
              dag_id, run_key, run_id, attempt_id, created_at)
            values (@Name, @version, @Learner, @folder, @ModelSha256, @features, @Threshold, @parameters::jsonb, @metrics::jsonb,
              @Source, @TrainingSnapshotId, @DatasetTag, @DatasetCommit, @FeatureView, @FeatureViewVersion, @TrainCutoff, @TestCutoff,
              @DagId, @RunKey, @RunId, @AttemptId, @CreatedAt)
            """,
            new
            {
                draft.Name,
                version,
                draft.Learner,
                folder,
                draft.ModelSha256,
                features = draft.Features.ToArray(),
                draft.Threshold,
                parameters = JsonSerializer.Serialize(draft.Parameters, TaskJson.Options),
                metrics = JsonSerializer.Serialize(draft.Metrics, TaskJson.Options),
                draft.Lineage.Source,
                draft.Lineage.TrainingSnapshotId,
                draft.Lineage.DatasetTag,
                draft.Lineage.DatasetCommit,
                draft.Lineage.FeatureView,
                draft.Lineage.FeatureViewVersion,
                draft.Lineage.TrainCutoff,
                draft.Lineage.TestCutoff,
                draft.Lineage.DagId,
                draft.Lineage.RunKey,
                draft.Lineage.RunId,
                draft.Lineage.AttemptId,
                draft.CreatedAt,
            },
            scope.Transaction, cancellationToken: cancellationToken));
        ModelFolders.Install(draft.StagingFolder, Path.Combine(options.Home, folder));
        return new ModelVersion(
            draft.Name, version, draft.Learner, folder, draft.ModelSha256, draft.Features, draft.Threshold, draft.Parameters, draft.Metrics,
            draft.Lineage, draft.CreatedAt);
    }

    /// <summary>Moves the alias, or records why it stays; part of the caller's transaction.</summary>
    public async Task RecordPromotionAsync(
        PublishScope scope, ModelVersion challenger, int? from, PromotionDecision decision, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (decision.Promote)
        {
            await scope.Connection.ExecuteAsync(new CommandDefinition(
                """
                insert into registry.model_alias (name, alias, version, set_at)
                values (@Name, @Champion, @Version, @at)
                on conflict (name, alias) do update
                set version = excluded.version,
                  set_at = excluded.set_at
                """,
                new { challenger.Name, Champion, challenger.Version, at }, scope.Transaction, cancellationToken: cancellationToken));
        }

        await scope.Connection.ExecuteAsync(new CommandDefinition(
            """
            insert into registry.model_alias_event (name, alias, from_version, to_version, moved, reason, evidence, attempt_id, at)
            values (@Name, @Champion, @from, @Version, @Promote, @Reason, @evidence::jsonb, @AttemptId, @at)
            """,
            new
            {
                challenger.Name,
                Champion,
                from,
                challenger.Version,
                decision.Promote,
                decision.Reason,
                evidence = JsonSerializer.Serialize(decision, TaskJson.Options),
                challenger.Lineage.AttemptId,
                at,
            },
            scope.Transaction, cancellationToken: cancellationToken));
    }

    /// <summary>The version scoring uses; null where no version of this name has been promoted.</summary>
    public async Task<ModelVersion?> FindChampionAsync(string name, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        return await FindChampionAsync(connection, null, name, cancellationToken);
    }

    /// <summary>As the other overload, inside a transaction.</summary>
    public async Task<ModelVersion?> FindChampionAsync(PublishScope scope, string name, CancellationToken cancellationToken) =>
        await FindChampionAsync(scope.Connection, scope.Transaction, name, cancellationToken);

    public async Task<ModelVersion?> FindAsync(string name, int version, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        ModelVersionRow? row = await connection.QuerySingleOrDefaultAsync<ModelVersionRow>(new CommandDefinition(
            $"""
            {SelectVersion}
            where v.name = @name
              and v.version = @version
            """,
            new { name, version }, cancellationToken: cancellationToken));
        return row?.ToVersion();
    }

    /// <summary>All versions, the newest first; of one model or of all.</summary>
    public async Task<IReadOnlyList<ModelVersion>> ListAsync(string? name, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        IEnumerable<ModelVersionRow> rows = await connection.QueryAsync<ModelVersionRow>(new CommandDefinition(
            $"""
            {SelectVersion}
            where @name::text is null or v.name = @name
            order by v.name, v.version desc
            """,
            new { name }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToVersion())];
    }

    private static async Task<ModelVersion?> FindChampionAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string name, CancellationToken cancellationToken)
    {
        ModelVersionRow? row = await connection.QuerySingleOrDefaultAsync<ModelVersionRow>(new CommandDefinition(
            $"""
            {SelectVersion}
            join registry.model_alias a on a.name = v.name and a.version = v.version
            where a.name = @name
              and a.alias = @Champion
            """,
            new { name, Champion }, transaction, cancellationToken: cancellationToken));
        return row?.ToVersion();
    }

    private static async Task<ModelVersion?> FindSameAsync(PublishScope scope, ModelDraft draft, CancellationToken cancellationToken)
    {
        ModelVersionRow? row = await scope.Connection.QueryFirstOrDefaultAsync<ModelVersionRow>(new CommandDefinition(
            $"""
            {SelectVersion}
            where v.name = @Name
              and v.run_id = @RunId
              and v.model_sha256 = @ModelSha256
              and v.training_snapshot_id = @TrainingSnapshotId
            order by v.version
            limit 1
            """,
            new { draft.Name, draft.Lineage.RunId, draft.ModelSha256, draft.Lineage.TrainingSnapshotId },
            scope.Transaction, cancellationToken: cancellationToken));
        return row?.ToVersion();
    }
}
