using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Training.Registry;
using EcomWorkflows.Pipeline.Versioning;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>From a training set in the lake to a registered model version with its lineage: the whole of a task that trains a model.</summary>
/// <param name="attempts">Knows the attempts that may still register what they have written; null where no orchestrator runs any.</param>
public sealed class ModelTraining(
    LakeStore lake, ModelRegistry registry, ModelLoader loader, FeatureRegistry features, DatasetVersions versions, PipelineOptions options, IOpenAttempts? attempts = null)
{
    /// <exception cref="TaskFailedException">A setting is wrong, the training set or a library is missing, or a leak sentinel stopped the training.</exception>
    internal async Task<TaskResult<TrainingOutputs>> RunAsync(TrainingProblem problem, TrainingSettings settings, TaskContext context, CancellationToken cancellationToken)
    {
        settings.Require();
        LakeSnapshot snapshot = await lake.RequireAsync(problem.TrainingSet, context, cancellationToken);
        TrainingSet set = await Task.Run(() => Read(snapshot, context, cancellationToken), cancellationToken);
        ModelLineage lineage = await LineageAsync(problem, snapshot, set, context, cancellationToken);
        var request = new TrainingRequest(problem.Model, problem.Purpose, problem.OutcomeDays, problem.EmbargoDays, set, lineage, settings);
        return TrainingOutputs.Of(await new ModelTrainer(registry, loader, new StagingFolders(options, attempts), options).TrainAsync(request, context, cancellationToken), set);
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

    private async Task<ModelLineage> LineageAsync(TrainingProblem problem, LakeSnapshot snapshot, TrainingSet set, TaskContext context, CancellationToken cancellationToken)
    {
        string name = $"{problem.Source}/{snapshot.Table.Name}";
        // The run that versioned the set may be another than this one.
        DatasetVersion? dataset = await versions.FindForRunAsync(context.Attempt.RunId, name, cancellationToken)
            ?? await versions.FindOfSnapshotAsync(name, snapshot.SnapshotId, cancellationToken);
        FeatureView? registered = await features.FindViewAsync(problem.FeatureView, cancellationToken);
        return new ModelLineage(
            problem.Source, snapshot.SnapshotId, dataset?.Tag, dataset?.CommitSha, problem.FeatureView, registered?.Version, set.TrainCutoff, set.TestCutoff,
            context.Attempt.DagId, context.Attempt.RunKey, context.Attempt.RunId, context.Attempt.AttemptId);
    }
}
