using System.Text.Json;
using Dapper;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Training.Evaluation;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Metrics;
using EcomWorkflows.Pipeline.Training.Registry;
using EcomWorkflows.Pipeline.Versioning;
using Npgsql;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>Fits a registered version again from its dataset tag and compares what comes out.</summary>
public sealed class ModelReproduction
{
    private readonly NpgsqlDataSource database;
    private readonly LakeStore lake;
    private readonly ContentCache cache;
    private readonly PipelineOptions options;
    private readonly TimeProvider time;

    internal ModelReproduction(NpgsqlDataSource database, LakeStore lake, ContentCache cache, PipelineOptions options, TimeProvider time) =>
        (this.database, this.lake, this.cache, this.options, this.time) = (database, lake, cache, options, time);

    /// <summary>Nothing is registered or changed; the model is written to a temporary folder.</summary>
    /// <exception cref="ModelRegistryException">Data or recipe of the version are gone; the message says what prevents it.</exception>
    public async Task<ReproducedModel> RunAsync(ModelVersion version, CancellationToken cancellationToken)
    {
        if (LearnerCatalog.NeedsXGBoost(version.Learner))
            XGBoostRequirement.Check();
        TrainingRecipe recipe = TrainingRecipe.Read(options, version) ?? throw new ModelRegistryException(
            $"{version.Name} v{version.Version} cannot be fitted again: {Path.Combine(options.Home, version.Folder, TrainingRecipe.FileName)} does not exist, so its seed and settings are not known.");
        (string words, string scan, IReadOnlyList<LakeColumn>? columns) = await DataAsync(version, cancellationToken);
        return await Task.Run(() => Fit(version, recipe, words, scan, columns, cancellationToken), cancellationToken);
    }

    private async Task<(string Words, string Scan, IReadOnlyList<LakeColumn>? Columns)> DataAsync(ModelVersion version, CancellationToken cancellationToken)
    {
        if (version.Lineage.DatasetTag is { } tag && await ManifestAsync(tag, cancellationToken) is { } manifest)
        {
            CachedFile[] files = [.. manifest.Files.Where(file => file.RelativePath.EndsWith(".parquet", StringComparison.Ordinal))];
            CachedFile? missing = Array.Find(files, file => !File.Exists(cache.PathOf(file.Md5)));
            if (missing is null)
            {
                CachedFile? altered = Array.Find(files, file => ModelLoader.Sha256(cache.PathOf(file.Md5)) != file.Sha256);
                if (altered is not null)
                    throw new ModelRegistryException($"The content of {tag} is damaged: {cache.PathOf(altered.Md5)} is not what its manifest says (sha256 {altered.Sha256}).");
                return ($"dataset tag {tag}, {files.Length} file(s) checked by sha256", $"read_parquet([{string.Join(", ", files.Select(file => LakeStore.Quote(cache.PathOf(file.Md5))))}])", null);
            }
        }

        LakeSnapshot snapshot = await lake.GetAsync(version.Lineage.TrainingSnapshotId, cancellationToken) ?? throw new ModelRegistryException(
            $"{version.Name} v{version.Version} cannot be fitted again: the content of its dataset tag ({version.Lineage.DatasetTag ?? "none"}) is not in the cache "
            + $"and lake snapshot {version.Lineage.TrainingSnapshotId} is gone. Fetch the tag from a remote, then try again.");
        return ($"lake snapshot {snapshot.SnapshotId}", lake.Scan(snapshot), snapshot.Columns);
    }

    private async Task<DatasetManifest?> ManifestAsync(string tag, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        string? manifest = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            """
            select manifest::text
            from versioning.dataset_version
            where tag = @tag
            """,
            new { tag }, cancellationToken: cancellationToken));
        return manifest is null ? null : DatasetManifest.Parse(manifest, $"the manifest of {tag}");
    }

    private ReproducedModel Fit(
        ModelVersion version, TrainingRecipe recipe, string words, string scan, IReadOnlyList<LakeColumn>? columns, CancellationToken cancellationToken)
    {
        TrainingSet set;
        using (DuckDbConnection duckdb = DuckDbConnection.Open(
            new DuckDbOptions { MemoryLimit = options.DuckDbMemoryLimit, Threads = options.Threads, PreserveInsertionOrder = true }))
        {
            set = TrainingSetReader.Read(duckdb, scan, columns ?? Columns(duckdb, scan, cancellationToken), cancellationToken);
        }

        ILearner learner = LearnerCatalog.Variants(version.Learner, set.Train.Rows).Prepend(LearnerCatalog.Create(version.Learner, set.Train.Rows))
            .FirstOrDefault(candidate => candidate.Parameters.OrderBy(p => p.Key).SequenceEqual(version.Parameters.OrderBy(p => p.Key)))
            ?? throw new ModelRegistryException(
                $"{version.Name} v{version.Version} cannot be fitted again: this program has no {version.Learner} with its settings ({string.Join(", ", version.Parameters.Select(p => $"{p.Key}={p.Value}"))}).");
        using Candidate candidate = new CandidateFitter(time, recipe.Seed, recipe.Threads).Fit(learner, set.Train, cancellationToken);
        ModelMetrics metrics = candidate.Evaluate(set.Test, recipe.Seed, out _);
        string folder = Directory.CreateTempSubdirectory("ecom-reproduce-").FullName;
        try
        {
            string sha256 = ModelLoader.Sha256(Path.Combine(folder, candidate.Model.Save(folder).DataFile));
            bool same = JsonSerializer.Serialize(metrics, TaskJson.Options) == JsonSerializer.Serialize(version.Metrics, TaskJson.Options);
            return new ReproducedModel(words, sha256, sha256 == version.ModelSha256, same, candidate.Threshold, metrics);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IReadOnlyList<LakeColumn> Columns(DuckDbConnection duckdb, string scan, CancellationToken cancellationToken)
    {
        var columns = new List<LakeColumn>();
        using DuckDbReader reader = duckdb.Query($"select column_name, column_type from (describe select * from {scan})", null, cancellationToken);
        while (reader.Read())
            columns.Add(new LakeColumn(reader.Get<string>(0), reader.Get<string>(1)));
        return columns;
    }
}
