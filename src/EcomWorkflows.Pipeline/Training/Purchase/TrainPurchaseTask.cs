using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;
using EcomWorkflows.Pipeline.Training.Registry;
using EcomWorkflows.Pipeline.Training.Reports;
using EcomWorkflows.Pipeline.Versioning;

namespace EcomWorkflows.Pipeline.Training.Purchase;

/// <summary>Trains the purchase learners, tests them on a later period, registers the best and lets it challenge the champion.</summary>
[TaskType("Ecom.TrainPurchase", DisplayName = "Train purchase model", Category = "Training", Description =
    "Fits the chosen learners on pairs of visitor and item, evaluates them on the pairs of a later cutoff, registers the best one with report and model card, and makes it champion when it passes the promotion gates. A leak sentinel stops it and names the column.")]
public sealed class TrainPurchaseTask(
    SourceCatalog sources, LakeStore lake, ModelRegistry registry, ModelLoader loader, FeatureRegistry features, DatasetVersions versions, PipelineOptions options)
    : ITask<TrainPurchaseInputs, TrainPurchaseOutputs>
{
    public async Task<TaskResult<TrainPurchaseOutputs>> RunAsync(TrainPurchaseInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        TrainingSettings settings = inputs.Settings;
        settings.Require();
        SourceMapping mapping = sources.Get(inputs.Source);
        LakeSnapshot snapshot = await lake.RequireAsync(PurchaseTables.TrainingSet(mapping.Source, inputs.Variant), context, cancellationToken);
        TrainingSet set = await Task.Run(() => Read(snapshot, context, cancellationToken), cancellationToken);
        ModelLineage lineage = await LineageAsync(mapping.Source, inputs.Variant, snapshot, set, context, cancellationToken);
        var request = new TrainingRequest(
            PurchaseTables.Model(mapping.Source, inputs.Variant), Purpose(mapping, inputs.Variant), mapping.Purchase.OutcomeDays, mapping.Purchase.EmbargoDays, set, lineage, settings);
        (ModelVersion version, AliasEvent recorded, ModelReport report) = await new ModelTrainer(registry, loader, options).TrainAsync(request, context, cancellationToken);

        return new TrainPurchaseOutputs(
            version.Name, version.Version, inputs.Variant.ToString().ToLowerInvariant(), version.Learner, recorded.Kind == "promotion", recorded.Kind == "proposal", recorded.Reason,
            set.Train.Rows, set.Test.Rows, report.ChosenCandidate.Test.BaseRate,
            [.. report.Candidates.Select(candidate => LearnerSummary.Of(candidate.Learner, candidate.Test, candidate.FitTime))],
            [.. report.Drivers.Take(5).Select(driver => driver.Feature)],
            [.. report.Leaks.Select(leak => leak.Column).Distinct()],
            version.Folder, Path.Combine(version.Folder, ModelReportPage.FileName));
    }

    private static ModelPurpose Purpose(SourceMapping mapping, PurchaseVariant variant) => variant == PurchaseVariant.Classic
        ? ModelPurpose.ClassicPurchase(mapping.Source, mapping.Description)
        : ModelPurpose.Purchase(mapping.Source, mapping.Description, mapping.Purchase.OutcomeDays, mapping.Purchase.CandidateDays);

    private TrainingSet Read(LakeSnapshot snapshot, TaskContext context, CancellationToken cancellationToken)
    {
        context.ReportProgress(0.05, "reading the training set");
        using DuckDbConnection duckdb = DuckDbConnection.Open(new DuckDbOptions
        {
            MemoryLimit = options.DuckDbMemoryLimit,
            Threads = options.Threads,
            TempDirectory = context.WorkFolder,
            PreserveInsertionOrder = true,
        });
        return TrainingSetReader.Read(duckdb, lake.Scan(snapshot), snapshot.Columns, cancellationToken);
    }

    private async Task<ModelLineage> LineageAsync(
        string source, PurchaseVariant variant, LakeSnapshot snapshot, TrainingSet set, TaskContext context, CancellationToken cancellationToken)
    {
        string view = PurchaseTables.FeatureView(source, variant);
        DatasetVersion? dataset = await versions.FindForRunAsync(context.Attempt.RunId, $"{source}/{snapshot.Table.Name}", cancellationToken);
        FeatureView? registered = await features.FindViewAsync(view, cancellationToken);
        return new ModelLineage(
            source, snapshot.SnapshotId, dataset?.Tag, dataset?.CommitSha, view, registered?.Version, set.TrainCutoff, set.TestCutoff,
            context.Attempt.DagId, context.Attempt.RunKey, context.Attempt.RunId, context.Attempt.AttemptId);
    }
}
