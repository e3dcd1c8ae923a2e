using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;
using EcomWorkflows.Pipeline.Training.Registry;
using EcomWorkflows.Pipeline.Training.Reports;
using EcomWorkflows.Pipeline.Versioning;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>Trains the churn learners, tests them on a later period, registers the best and lets it challenge the champion.</summary>
[TaskType("Ecom.TrainChurn", DisplayName = "Train churn model", Category = "Training", Description =
    "Fits the chosen learners, evaluates them on customers of a later cutoff, registers the best one with report and model card, and makes it champion when it passes the promotion gates. A leak sentinel stops it and names the column.")]
public sealed class TrainChurnTask(
    SourceCatalog sources, LakeStore lake, ModelRegistry registry, ModelLoader loader, FeatureRegistry features, DatasetVersions versions, PipelineOptions options)
    : ITask<TrainChurnInputs, TrainChurnOutputs>
{
    public async Task<TaskResult<TrainChurnOutputs>> RunAsync(TrainChurnInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        TrainingSettings settings = inputs.Settings;
        settings.Require();
        SourceMapping mapping = sources.Get(inputs.Source);
        LakeSnapshot snapshot = await lake.RequireAsync(BuildTrainingSetTask.TableOf(mapping.Source), context, cancellationToken);
        TrainingSet set = await Task.Run(() => Read(snapshot, context, cancellationToken), cancellationToken);
        ModelLineage lineage = await LineageAsync(mapping.Source, snapshot, set, context, cancellationToken);
        var request = new TrainingRequest(
            ModelNames.ChurnOf(mapping.Source), ModelPurpose.Churn(mapping.Source, mapping.Description, mapping.Churn.OutcomeDays),
            mapping.Churn.OutcomeDays, mapping.Churn.EmbargoDays, set, lineage, settings);
        (ModelVersion version, AliasEvent recorded, ModelReport report) = await new ModelTrainer(registry, loader, options).TrainAsync(request, context, cancellationToken);

        return new TrainChurnOutputs(
            version.Name, version.Version, version.Learner, recorded.Kind == "promotion", recorded.Kind == "proposal", recorded.Reason,
            set.Train.Rows, set.Test.Rows, report.ChosenCandidate.Test.BaseRate,
            [.. report.Candidates.Select(candidate => LearnerSummary.Of(candidate.Learner, candidate.Test, candidate.FitTime))],
            [.. report.Drivers.Take(5).Select(driver => driver.Feature)],
            [.. report.Leaks.Select(leak => leak.Column).Distinct()],
            version.Folder, Path.Combine(version.Folder, ModelReportPage.FileName));
    }

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
        string source, LakeSnapshot snapshot, TrainingSet set, TaskContext context, CancellationToken cancellationToken)
    {
        string view = FeatureView.NameOf(source);
        DatasetVersion? dataset = await versions.FindForRunAsync(context.Attempt.RunId, $"{source}/churn_training_set", cancellationToken);
        FeatureView? registered = await features.FindViewAsync(view, cancellationToken);
        return new ModelLineage(
            source, snapshot.SnapshotId, dataset?.Tag, dataset?.CommitSha, view, registered?.Version, set.TrainCutoff, set.TestCutoff,
            context.Attempt.DagId, context.Attempt.RunKey, context.Attempt.RunId, context.Attempt.AttemptId);
    }
}
