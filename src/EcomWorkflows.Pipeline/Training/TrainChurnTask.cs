using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;
using EcomWorkflows.Pipeline.Training.Evaluation;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Metrics;
using EcomWorkflows.Pipeline.Training.Registry;
using EcomWorkflows.Pipeline.Training.Reports;
using EcomWorkflows.Pipeline.Versioning;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>Trains the churn learners, tests them on a later period, registers the best and lets it challenge the champion.</summary>
[TaskType("Ecom.TrainChurn", DisplayName = "Train churn model", Category = "Training", Description =
    "Fits the chosen learners, evaluates them on customers of a later cutoff, registers the best one with report and model card, and makes it champion unless the champion does better.")]
public sealed class TrainChurnTask(
    SourceCatalog sources, LakeStore lake, ModelRegistry registry, ModelLoader loader, FeatureRegistry features, DatasetVersions versions, PipelineOptions options)
    : ITask<TrainChurnInputs, TrainChurnOutputs>
{
    public async Task<TaskResult<TrainChurnOutputs>> RunAsync(TrainChurnInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        RequireLearners(inputs.Learners);
        SourceMapping mapping = sources.Get(inputs.Source);
        LakeSnapshot snapshot = await lake.RequireAsync(BuildTrainingSetTask.TableOf(mapping.Source), context, cancellationToken);
        TrainingSet set = await Task.Run(() => Read(snapshot, context, cancellationToken), cancellationToken);
        IReadOnlyList<TrainedCandidate> candidates = await Task.Run(() => Fit(set, inputs, context, cancellationToken), cancellationToken);
        try
        {
            return await RegisterAsync(mapping, snapshot, set, candidates, inputs.Seed, context, cancellationToken);
        }
        finally
        {
            foreach (TrainedCandidate candidate in candidates)
                candidate.Fitted.Dispose();
        }
    }

    private static void RequireLearners(IReadOnlyList<string> learners)
    {
        string[] unknown = [.. learners.Except(LearnerCatalog.Names)];
        if (learners.Count == 0 || unknown.Length > 0 || learners.Distinct().Count() < learners.Count)
        {
            throw new TaskFailedException(
                $"learners is [{string.Join(", ", learners)}]; allowed are one or more of {string.Join(", ", LearnerCatalog.Names)}, each once.", retryable: false);
        }

        if (learners.Any(LearnerCatalog.NeedsXGBoost))
            XGBoostRequirement.Check();
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

    private IReadOnlyList<TrainedCandidate> Fit(TrainingSet set, TrainChurnInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        int started = 0;
        IReadOnlyList<TrainedCandidate> candidates = new CandidateTraining(context.Time, options.Threads).Run(
            set, [.. inputs.Learners.Select(name => LearnerCatalog.Create(name, set.Train.Rows))], inputs.Seed,
            learner => context.ReportProgress(0.1 + (0.8 * started++ / inputs.Learners.Count), $"fitting {learner.Replace('_', ' ')} on {set.Train.Rows} customers"),
            cancellationToken);
        foreach (TrainedCandidate candidate in candidates)
        {
            ModelMetrics test = candidate.Report.Test;
            context.Logger.LogInformation(
                "{Learner}: test ROC-AUC {RocAuc:F4}, PR-AUC {PrAuc:F4} (base rate {BaseRate:F3}), F1 {F1:F3} at threshold {Threshold:F3}, Brier {Brier:F4}; fitted in {Seconds:F1} s",
                candidate.Report.Learner, test.RocAuc, test.PrAuc, test.BaseRate, test.F1, test.Threshold, test.Brier, candidate.Report.FitTime.TotalSeconds);
        }

        return candidates;
    }

    private async Task<TaskResult<TrainChurnOutputs>> RegisterAsync(
        SourceMapping mapping, LakeSnapshot snapshot, TrainingSet set, IReadOnlyList<TrainedCandidate> candidates, int seed, TaskContext context,
        CancellationToken cancellationToken)
    {
        context.ReportProgress(0.9, "registering the model");
        string name = ModelNames.ChurnOf(mapping.Source);
        TrainedCandidate chosen = CandidateTraining.Choose(candidates);
        ModelLineage lineage = await LineageAsync(mapping.Source, snapshot, set, context, cancellationToken);
        ModelVersion? champion = await registry.FindChampionAsync(name, cancellationToken);
        (PromotionDecision decision, ModelReport report) = await Task.Run(
            () =>
            {
                PromotionDecision decided = new ChampionComparison(loader).Decide(chosen.Report.Test, champion, set.Test, seed);
                return (decided, Report(mapping, set, candidates, chosen, lineage, decided, context.Time.GetUtcNow()));
            },
            cancellationToken);

        string staging = ModelFolders.CreateStaging(options, name, context.Attempt.AttemptId);
        ModelDraft draft = ModelFolderWriter.Write(staging, name, chosen, set.Test.Features, report);
        ModelVersion? registered = null;
        await context.PublishAsync(
            async (scope, token) =>
            {
                registered = await registry.RegisterAsync(scope, draft, token);
                await registry.RecordPromotionAsync(scope, registered, champion?.Version, decision, report.CreatedAt, token);
            },
            cancellationToken);
        if (decision.Promote)
            ModelFolders.WriteAlias(options, name, ModelRegistry.Champion, registered!.Version);
        context.Logger.LogInformation("Registered {Model} v{Version} ({Learner}). {Reason}", name, registered!.Version, registered.Learner, decision.Reason);

        return new TrainChurnOutputs(
            name, registered.Version, registered.Learner, decision.Promote, decision.Reason, set.Train.Rows, set.Test.Rows, chosen.Report.Test.BaseRate,
            [.. candidates.Select(candidate => LearnerSummary.Of(candidate.Report.Learner, candidate.Report.Test, candidate.Report.FitTime))],
            [.. report.Drivers.Take(5).Select(driver => driver.Feature)],
            registered.Folder, Path.Combine(registered.Folder, ModelReportPage.FileName));
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

    private static ModelReport Report(
        SourceMapping mapping, TrainingSet set, IReadOnlyList<TrainedCandidate> candidates, TrainedCandidate chosen, ModelLineage lineage,
        PromotionDecision decision, DateTimeOffset createdAt) => new(
        ModelNames.ChurnOf(mapping.Source),
        mapping.Description,
        mapping.Churn.OutcomeDays,
        lineage,
        set.Train.Rows,
        set.Train.Positives,
        [.. candidates.Select(candidate => candidate.Report)],
        chosen.Report.Learner,
        Driver.Of(chosen.Fitted.Model, set.Test.Features),
        SingleFeature.Rank(set.Test),
        decision,
        createdAt);
}
