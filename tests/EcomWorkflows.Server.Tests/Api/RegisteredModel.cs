using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Metrics;
using EcomWorkflows.Pipeline.Training.Registry;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EcomWorkflows.Server.Tests.Api;

/// <summary>A small logistic regression in the registry of a running server.</summary>
internal static class RegisteredModel
{
    /// <param name="falls">Whether its probability falls with the first feature instead of rising.</param>
    public static async Task<ModelVersion> AddAsync(
        IServiceProvider services, string name, long run, int testDay = 8, bool falls = false, string[]? features = null, string view = "shop_customer_activity", int? viewVersion = 1)
    {
        features ??= ["recency_days"];
        var options = services.GetRequiredService<PipelineOptions>();
        var staging = ModelFolders.CreateStaging(options, name, run);
        float[] values = [.. Enumerable.Range(1, 4).SelectMany(row => features.Select((_, column) => (float)(column == 0 ? row : row * column % 3)))];
        var table = new LabelledTable(new FeatureTable(features, values, 4), [falls, !falls, falls, !falls]);
        using var model = new LogisticRegressionLearner().Fit(new FitRequest(table, null, 1, 1), CancellationToken.None);
        var file = Path.Combine(staging, model.Save(staging).DataFile);
        var metrics = ModelMetrics.Of(Ranking.Of(table.Labels, model.Predict(table.Features)), 0.5f, seed: 1);
        var lineage = new ModelLineage(
            "shop", 7, "shop-churn_training_set/v1", "abcdef0123456789", view, viewVersion, At(1), At(testDay), "churn-daily", $"manual__{run}", run, run);
        var draft = new ModelDraft(name, staging, model.Learner, ModelLoader.Sha256(file), model.FeatureNames, 0.5f, new Dictionary<string, string> { ["C"] = "1" }, metrics, lineage, At(10));

        await using var connection = await services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var scope = new PublishScope(connection, transaction, new AttemptIdentity(run, run, "churn-daily", $"manual__{run}", 1, "train_churn", -1, 1));
        var version = await services.GetRequiredService<ModelRegistry>().RegisterAsync(scope, draft, CancellationToken.None);
        await transaction.CommitAsync();
        return version;
    }

    private static DateTimeOffset At(int day) => new(2026, 3, day, 0, 0, 0, TimeSpan.Zero);
}
