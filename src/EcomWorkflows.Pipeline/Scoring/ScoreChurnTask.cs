using System.Text.Json.Nodes;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Registry;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Pipeline.Scoring;

/// <summary>Predicts the churn of every customer with features as of the newest day.</summary>
[TaskType("Ecom.ScoreChurn", DisplayName = "Score customers", Category = "Scoring", Description =
    "Predicts with the champion model for every customer known at the newest as-of time, explains those with the highest risk, and replaces the predictions of that moment in gold.churn_predictions.")]
public sealed class ScoreChurnTask(SourceCatalog sources, LakeStore lake, ModelRegistry registry, ModelLoader loader, HistoricalFeatures features, FeatureServiceUse uses, PipelineOptions options)
    : ITask<ScoreChurnInputs, ScoreChurnOutputs>
{
    private const string PredictionTable = "gold.churn_predictions";

    public async Task<TaskResult<ScoreChurnOutputs>> RunAsync(ScoreChurnInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        LikeliestRows.RequireCapacity(inputs.ExplainTop);
        SourceMapping mapping = sources.Get(inputs.Source);
        LakeSnapshot events = await lake.RequireAsync(new LakeTableName("silver", mapping.Source, "events"), context, cancellationToken);
        string name = ModelNames.ChurnOf(mapping.Source);
        ModelVersion champion = await registry.FindChampionAsync(name, cancellationToken) ?? throw new TaskFailedException(
            $"There is no champion of model '{name}'. Run Ecom.TrainChurn for source '{inputs.Source}' first.", FailureCause.Dependency, retryable: false);
        await uses.RequireAsync(champion.Name, champion.Version, champion.Features, cancellationToken);
        // The very service version the model was trained on, whatever its current one is.
        string service = await uses.OfAsync(champion.Name, champion.Version, cancellationToken) ?? FeatureView.ChurnServiceOf(mapping.Source);
        TaskFeatures known = await features.OpenAsync(HistoricalQuery.OfService(service), context, cancellationToken);
        ChurnFeatures.Require(known);
        RequireFeatures(champion, service, known);

        return await Task.Run(() => ScoreAsync(mapping, champion, events, known, inputs.ExplainTop, context, cancellationToken), cancellationToken);
    }

    private async Task<TaskResult<ScoreChurnOutputs>> ScoreAsync(
        SourceMapping mapping, ModelVersion champion, LakeSnapshot events, TaskFeatures known, int explainTop, TaskContext context, CancellationToken cancellationToken)
    {
        using FittedModel model = loader.Load(champion, FeatureView.NameOf(mapping.Source));
        using DuckDbConnection duckdb = DuckDbConnection.Open(new DuckDbOptions
        {
            MemoryLimit = options.DuckDbMemoryLimit,
            Threads = options.Threads,
            TempDirectory = context.WorkFolder,
        });
        ChurnWindows windows = SourceWindows.Read(duckdb, mapping, lake.Scan(events), cancellationToken);
        string at = ChurnFeatures.At([windows.ScoreAsOf], known, duckdb, lake.Scan(events), context, cancellationToken);
        string columns = FeatureBlockReader.SelectList(model.FeatureNames, FeatureBlockReader.Doubles(duckdb, at, cancellationToken));
        using DuckDbReader rows = duckdb.Query($"select customer_id, {columns} from {at}", null, cancellationToken);
        var scoring = new ChurnScoring(
            mapping.Source, windows.ScoreAsOf, champion.Name, champion.Version, champion.Threshold, windows.GapDays, windows.OutcomeDays, known.View.Name, known.View.Version,
            known.SnapshotId, champion.Lineage.DatasetTag, context.Time.GetUtcNow());
        var likeliest = new LikeliestRows(model.FeatureNames, explainTop);

        ScoreChurnOutputs? outputs = null;
        // The rows go to the database while the next are scored.
        await context.PublishAsync(
            async (scope, token) =>
            {
                await using ChurnScoreTable table = await ChurnScoreTable.CreateAsync(scope, scoring, likeliest, token);
                await new RowScorer(model, keys: 1).ScoreAsync(
                    rows,
                    async block =>
                    {
                        await table.AddAsync(block, token);
                        context.ReportProgress(null, $"scored {table.Count} customers");
                    },
                    token);
                if (table.Count == 0)
                {
                    throw new TaskFailedException(
                        $"No customer of '{mapping.Source}' has features as of {windows.ScoreAsOf:yyyy-MM-dd}. Run Ecom.BuildFeatures again.", FailureCause.BadData, retryable: false);
                }

                await table.CompleteAsync(model, token);
                await table.SwapInAsync(token);
                if (context.Outlets.Contains(PredictionTable))
                {
                    await context.RecordAssetAsync(
                        scope, PredictionTable, table.Count, new JsonObject { ["model"] = champion.Name, ["version"] = champion.Version }, token);
                }

                outputs = new ScoreChurnOutputs(
                    mapping.Source, windows.ScoreAsOf, champion.Name, champion.Version, champion.Learner, champion.Threshold, table.Count, table.AtRisk,
                    (double)table.AtRisk / table.Count, table.MeanProbability, table.Explained, PredictionTable);
            },
            cancellationToken);

        context.Logger.LogInformation(
            "Scored {Customers} customers as of {AsOf:yyyy-MM-dd} with {Model} v{Version} ({Learner}): {AtRisk} at risk (probability {Threshold:F3} or more)",
            outputs!.Customers, windows.ScoreAsOf, champion.Name, champion.Version, champion.Learner, outputs.AtRisk, champion.Threshold);
        return outputs;
    }

    private static void RequireFeatures(ModelVersion champion, string service, TaskFeatures known)
    {
        string[] missing = [.. champion.Features.Except(known.Names)];
        if (missing.Length > 0)
        {
            throw new TaskFailedException(
                $"The model {champion.Name} v{champion.Version} needs features that feature service {service} does not have: {string.Join(", ", missing)}. "
                + "Train again on the present service (Ecom.TrainChurn), or bring the features back.",
                FailureCause.BadData, retryable: false);
        }
    }
}
