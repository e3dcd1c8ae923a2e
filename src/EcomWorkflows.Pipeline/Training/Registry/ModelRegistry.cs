using System.Text.Json;
using Dapper;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>The registered models: an index in PostgreSQL over folders in MLflow's layout.</summary>
/// <param name="unpublished">Knows whose folders without an index row are left-overs; null where no orchestrator runs attempts, and nothing else can lie there.</param>
public sealed class ModelRegistry(NpgsqlDataSource database, PipelineOptions options, IUnpublishedAttempts? unpublished = null)
{
    /// <summary>The alias scoring follows.</summary>
    public const string Champion = "champion";

    /// <summary>The newest version that is not the champion.</summary>
    public const string Challenger = "challenger";

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

        int version = await FreeNumberAsync(scope, draft.Name, cancellationToken);
        string folder = ModelFolders.Relative(draft.Name, version);
        var registered = new ModelVersion(
            draft.Name, version, draft.Learner, folder, draft.ModelSha256, draft.Features, draft.Threshold, draft.Parameters, draft.Metrics,
            draft.Lineage, draft.CreatedAt);
        await InsertAsync(scope.Connection, scope.Transaction, registered, cancellationToken);
        ModelFolders.Install(draft.StagingFolder, Path.Combine(options.Home, folder));
        return registered;
    }

    /// <summary>
    /// The number after the newest version in the index. What an attempt left there that was killed between its rename and its commit is deleted, before anything else of the registration is written: a
    /// later statement fails where the attempt has lost its lease meanwhile. Versions the index does not know because it was lost stay for whoever makes it anew, and the number is after theirs.
    /// </summary>
    private async Task<int> FreeNumberAsync(PublishScope scope, string name, CancellationToken cancellationToken)
    {
        int version = await scope.Connection.ExecuteScalarAsync<int>(new CommandDefinition(
            """
            select coalesce(max(version), 0) + 1
            from registry.model_version
            where name = @name
            """,
            new { name }, scope.Transaction, cancellationToken: cancellationToken));
        for (; Path.Combine(options.Home, ModelFolders.Relative(name, version)) is var folder && Directory.Exists(folder); version++)
        {
            if (!await IsLeftOverAsync(folder, name, version, cancellationToken))
                continue;
            Directory.Delete(folder, recursive: true);
            break;
        }

        return version;
    }

    /// <summary>Whether a folder that the index has no row for is of an attempt that never came to its commit.</summary>
    internal static Task<bool> IsLeftOverAsync(IUnpublishedAttempts unpublished, ModelVersion found, CancellationToken cancellationToken) =>
        unpublished.HasAsync(found.Lineage.AttemptId, found.Lineage.DagId, found.Lineage.RunKey, found.CreatedAt, cancellationToken);

    /// <summary>As the other overload. A folder that cannot be read may have been anybody's.</summary>
    private async Task<bool> IsLeftOverAsync(string folder, string name, int version, CancellationToken cancellationToken)
    {
        if (unpublished is null)
            return true;
        try
        {
            return await IsLeftOverAsync(unpublished, ModelRecord.Read(folder, name, version), cancellationToken);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <returns>False where the index has the version already.</returns>
    internal static async Task<bool> InsertAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ModelVersion version, CancellationToken cancellationToken)
    {
        int inserted = await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into registry.model_version (name, version, learner, folder, model_sha256, features, threshold, parameters, metrics,
              source, training_snapshot_id, dataset_tag, dataset_commit, feature_view, feature_view_version, train_cutoff, test_cutoff,
              dag_id, run_key, run_id, attempt_id, created_at)
            values (@Name, @Version, @Learner, @Folder, @ModelSha256, @features, @Threshold, @parameters::jsonb, @metrics::jsonb,
              @Source, @TrainingSnapshotId, @DatasetTag, @DatasetCommit, @FeatureView, @FeatureViewVersion, @TrainCutoff, @TestCutoff,
              @DagId, @RunKey, @RunId, @AttemptId, @CreatedAt)
            on conflict (name, version) do nothing
            """,
            new
            {
                version.Name,
                version.Version,
                version.Learner,
                version.Folder,
                version.ModelSha256,
                features = version.Features.ToArray(),
                version.Threshold,
                parameters = JsonSerializer.Serialize(version.Parameters, TaskJson.Options),
                metrics = JsonSerializer.Serialize(version.Metrics, TaskJson.Options),
                version.Lineage.Source,
                version.Lineage.TrainingSnapshotId,
                version.Lineage.DatasetTag,
                version.Lineage.DatasetCommit,
                version.Lineage.FeatureView,
                version.Lineage.FeatureViewVersion,
                version.Lineage.TrainCutoff,
                version.Lineage.TestCutoff,
                version.Lineage.DagId,
                version.Lineage.RunKey,
                version.Lineage.RunId,
                version.Lineage.AttemptId,
                version.CreatedAt,
            },
            transaction, cancellationToken: cancellationToken));
        return inserted > 0;
    }

    /// <summary>
    /// Moves the champion alias to the version, or makes it the challenger and records why; part of the caller's transaction, after <see cref="RegisterAsync"/> in it.
    /// Where the champion is no longer the one the version was compared with, nothing is decided and the version stays challenger.
    /// </summary>
    /// <returns>What was recorded.</returns>
    public async Task<AliasEvent> RecordPromotionAsync(
        PublishScope scope, ModelVersion version, PromotionDecision decision, PromotionMode mode, DateTimeOffset at, CancellationToken cancellationToken)
    {
        int? champion = (await FindAsync(scope.Connection, scope.Transaction, version.Name, Champion, cancellationToken))?.Version;
        (string kind, string reason) = decision switch
        {
            { Promote: false } => ("refusal", decision.Reason),
            _ when champion != decision.ChampionVersion && champion != version.Version =>
                ("refusal", $"The champion changed from v{decision.ChampionVersion} to v{champion} while this version was judged; train again or promote it by hand. {decision.Reason}"),
            _ when mode == PromotionMode.Approval => ("proposal", $"All gates passed, and a person decides. {decision.Reason}"),
            _ => ("promotion", decision.Reason),
        };
        var recorded = new AliasEvent(
            version.Name, kind == "promotion" ? Champion : Challenger, champion, version.Version, kind, reason, JsonSerializer.Serialize(decision, TaskJson.Options),
            Actor: null, version.Lineage.AttemptId, at);
        // A repeated attempt finds its own version as the champion: there is nothing to move.
        if (champion != version.Version)
            await ModelAliases.ApplyAsync(scope.Connection, scope.Transaction, recorded, cancellationToken);
        await ModelAliases.RepeatAsync(scope.Connection, scope.Transaction, options, version.Name, cancellationToken);
        return recorded;
    }

    /// <summary>The version scoring uses; null where no version of this name has been promoted.</summary>
    public Task<ModelVersion?> FindChampionAsync(string name, CancellationToken cancellationToken) => FindAsync(name, Champion, cancellationToken);

    /// <summary>As the other overload, inside a transaction.</summary>
    public Task<ModelVersion?> FindChampionAsync(PublishScope scope, string name, CancellationToken cancellationToken) =>
        FindAsync(scope.Connection, scope.Transaction, name, Champion, cancellationToken);

    /// <summary>The version an alias stands for; null where it stands for none.</summary>
    public async Task<ModelVersion?> FindAsync(string name, string alias, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        return await FindAsync(connection, null, name, alias, cancellationToken);
    }

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

    /// <exception cref="NotFoundException">There is no such version; the message names those there are.</exception>
    public async Task<ModelVersion> GetAsync(string name, int version, CancellationToken cancellationToken) =>
        await FindAsync(name, version, cancellationToken) ?? throw await UnknownAsync(name, version, cancellationToken);

    /// <summary>What to say of a model, or of a version, that is not there: it names what is.</summary>
    public async Task<NotFoundException> UnknownAsync(string name, int? version, CancellationToken cancellationToken)
    {
        var all = await ListAsync(null, cancellationToken);
        var known = all.Where(m => m.Name == name).ToList();
        if (known.Count > 0)
            return new NotFoundException($"Model '{name}' has no version {version}; it has v{known.Min(m => m.Version)} to v{known.Max(m => m.Version)}.");
        return new NotFoundException(all.Count == 0 ? $"There is no model '{name}', nor any other yet." : $"There is no model '{name}'; there are {string.Join(", ", all.Select(m => m.Name).Distinct())}.");
    }

    private static async Task<ModelVersion?> FindAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string name, string alias, CancellationToken cancellationToken)
    {
        ModelVersionRow? row = await connection.QuerySingleOrDefaultAsync<ModelVersionRow>(new CommandDefinition(
            $"""
            {SelectVersion}
            join registry.model_alias a on a.name = v.name and a.version = v.version
            where a.name = @name
              and a.alias = @alias
            """,
            new { name, alias }, transaction, cancellationToken: cancellationToken));
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
