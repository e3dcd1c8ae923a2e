using EcomWorkflows.Pipeline;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Metrics;
using EcomWorkflows.Pipeline.Training.Registry;
using Microsoft.Extensions.DependencyInjection;

namespace EcomWorkflows.Bench.Training;

/// <summary>Boosted trees on random rows, registered and champion.</summary>
internal static class BenchModel
{
    private const int Rows = 20_000;
    private const int Seed = 42;

    public static async Task<ModelVersion> RegisterAsync(
        IServiceProvider services, BenchAttempts attempts, string name, string source, string view, IReadOnlyList<string> features, CancellationToken cancellationToken)
    {
        var table = Table(features);
        using var model = LearnerCatalog.Create(GradientBoostingLearner.LearnerName, Rows).Fit(new FitRequest(table, null, Seed, Environment.ProcessorCount), cancellationToken);
        var context = attempts.Context("train");
        var staging = ModelFolders.CreateStaging(services.GetRequiredService<PipelineOptions>(), name, context.Attempt.AttemptId);
        var file = Path.Combine(staging, model.Save(staging).DataFile);
        var now = context.Time.GetUtcNow();
        var lineage = new ModelLineage(source, 1, null, null, view, 1, now.AddDays(-60), now.AddDays(-30), "bench", "manual__1", 1, context.Attempt.AttemptId);
        var metrics = ModelMetrics.Of(Ranking.Of(table.Labels, model.Predict(table.Features)), 0.5f, Seed);
        var draft = new ModelDraft(name, staging, model.Learner, ModelLoader.Sha256(file), model.FeatureNames, 0.5f, new Dictionary<string, string>(), metrics, lineage, now);
        ModelVersion? registered = null;
        await context.PublishAsync(async (scope, token) => registered = await services.GetRequiredService<ModelRegistry>().RegisterAsync(scope, draft, token), cancellationToken);
        await services.GetRequiredService<ModelAliases>().PromoteAsync(name, registered!.Version, ModelRegistry.Champion, "bench", null, force: true, cancellationToken);
        return registered;
    }

    private static LabelledTable Table(IReadOnlyList<string> features)
    {
        var random = new Random(Seed);
        float[] values = [.. Enumerable.Range(0, Rows * features.Count).Select(_ => random.NextSingle() * 1000)];
        bool[] labels = [.. Enumerable.Range(0, Rows).Select(row => (values[row * features.Count] / 1000) + (0.5 * random.NextDouble()) > 0.9)];
        return new LabelledTable(new FeatureTable(features, values, Rows), labels);
    }
}
