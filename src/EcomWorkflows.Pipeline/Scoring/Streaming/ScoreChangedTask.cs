using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Registry;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcomWorkflows.Pipeline.Scoring.Streaming;

/// <summary>Scores what has changed in the online store since it was scored last.</summary>
[TaskType("Ecom.ScoreChanged", DisplayName = "Score what changed", Category = "Scoring", Description =
    "Predicts with the champion model for every entity whose online features (pushed or materialised), or whose champion, changed since it was scored last, and publishes gold.stream_prediction once per model, data interval and entity. For DAGs that run every few minutes.")]
public sealed class ScoreChangedTask(NpgsqlDataSource database, ModelRegistry registry, ModelLoader loader, FeatureRegistry features, FeatureServiceUse uses)
    : ITask<ScoreChangedInputs, ScoreChangedOutputs>
{
    private const string Table = "gold.stream_prediction";

    public async Task<TaskResult<ScoreChangedOutputs>> RunAsync(ScoreChangedInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        ModelVersion champion = await registry.FindChampionAsync(inputs.Model, cancellationToken) ?? throw new TaskFailedException(
            $"There is no champion of model '{inputs.Model}'. Train and promote one first; ./ecom models list shows what there is.", FailureCause.Dependency, retryable: false);
        IReadOnlyList<FeatureReference> references = await uses.ReferencesAsync(
            champion.Name, champion.Version, champion.Features, champion.Lineage.FeatureView, champion.Lineage.FeatureViewVersion, cancellationToken);
        ChangedEntities store = ChangedEntities.Of(champion, references, await features.ReadAsync(cancellationToken));
        (IReadOnlyList<ChangedEntity> changed, long expired) = await store.ReadAsync(database, champion, context.DataIntervalStart, context.Time.GetUtcNow(), cancellationToken);
        float[] probabilities = await Task.Run(() => Predict(champion, changed), cancellationToken);

        bool published = false;
        await context.PublishAsync(
            async (scope, token) =>
            {
                published = await StreamPredictionStore.ReplaceAsync(
                    scope, champion, context.DataIntervalStart, context.DataIntervalEnd, changed, probabilities, context.Time.GetUtcNow(), token);
                if (published && context.Outlets.Contains(Table))
                    await context.RecordAssetAsync(scope, Table, changed.Count, null, token);
            },
            cancellationToken);
        if (!published)
        {
            return new TaskResult<ScoreChangedOutputs>.Skipped(
                $"A later interval of {champion.Name} has been scored already; what the features were at {context.DataIntervalStart:yyyy-MM-dd HH:mm} the online store does not know any more.");
        }

        long atRisk = probabilities.LongCount(probability => probability >= champion.Threshold);
        context.Logger.LogInformation(
            "{Scored} changed entities scored with {Model} v{Version}: {AtRisk} at risk; {Expired} not scored because their features are missing or expired",
            changed.Count, champion.Name, champion.Version, atRisk, expired);
        return new ScoreChangedOutputs(champion.Name, champion.Version, context.DataIntervalStart, context.DataIntervalEnd, changed.Count, atRisk, expired, Table);
    }

    private float[] Predict(ModelVersion champion, IReadOnlyList<ChangedEntity> changed)
    {
        if (changed.Count == 0)
            return [];
        using FittedModel model = loader.Load(champion);
        return model.Predict(new FeatureTable(model.FeatureNames, [.. changed.SelectMany(entity => entity.Values)], changed.Count));
    }
}
