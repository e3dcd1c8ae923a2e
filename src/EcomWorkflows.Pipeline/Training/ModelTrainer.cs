using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Training.Evaluation;
using EcomWorkflows.Pipeline.Training.Leaks;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Metrics;
using EcomWorkflows.Pipeline.Training.Registry;
using EcomWorkflows.Pipeline.Training.Reports;
using EcomWorkflows.Pipeline.Training.Search;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>From a training set to a registered version: sentinels, search, fits, evaluation, gates, registration. The same for every kind of model.</summary>
internal sealed class ModelTrainer(ModelRegistry registry, ModelLoader loader, StagingFolders stagingFolders, PipelineOptions options)
{
    /// <exception cref="TaskFailedException">A setting is wrong, a library is missing, or a leak sentinel stopped the training.</exception>
    internal async Task<TrainedModel> TrainAsync(TrainingRequest request, TaskContext context, CancellationToken cancellationToken)
    {
        LeakFinding[] leaks = await Task.Run<LeakFinding[]>(() => [.. request.Set.TimeLeaks, .. LeakSentinels.SingleFeatures(request.Set)], cancellationToken);
        LeakSentinels.Enforce(leaks, request.Settings.OnLeak);
        (IReadOnlyList<ILearner> learners, IReadOnlyList<SearchResult> searches) = await Task.Run(() => Learners(request, context, cancellationToken), cancellationToken);
        IReadOnlyList<TrainedCandidate> candidates = await Task.Run(() => Fit(request, learners, context, cancellationToken), cancellationToken);
        try
        {
            TrainedCandidate chosen = CandidateTraining.Choose(candidates);
            if (LeakSentinels.TimeGap(request.Set, chosen.Fitted.ValidationRocAuc, chosen.Report.Test) is { } gap)
            {
                leaks = [.. leaks, gap];
                LeakSentinels.Enforce(leaks, request.Settings.OnLeak);
            }

            foreach (LeakFinding leak in leaks)
                context.Logger.LogWarning("Leak sentinel {Sentinel}: {Message}; going on because onLeak is report", leak.Sentinel, leak.Message);
            return await RegisterAsync(request, candidates, chosen, searches, leaks, context, cancellationToken);
        }
        finally
        {
            foreach (TrainedCandidate candidate in candidates)
                candidate.Fitted.Dispose();
        }
    }

    private (IReadOnlyList<ILearner> Learners, IReadOnlyList<SearchResult> Searches) Learners(TrainingRequest request, TaskContext context, CancellationToken cancellationToken)
    {
        (TrainingSettings settings, TrainingSet set) = (request.Settings, request.Set);
        if (settings.SearchTrials == 0)
            return ([.. settings.Learners.Select(name => LearnerCatalog.Create(name, set.Train.Rows))], []);

        IReadOnlyList<TimeFold> folds = TimeFold.Of(set, request.OutcomeDays + request.EmbargoDays, settings.Seed);
        var search = new HyperparameterSearch(settings.SearchTrials, settings.Seed, options.Threads);
        var found = new List<(ILearner Best, SearchResult Result)>();
        foreach (string name in settings.Learners)
        {
            int before = found.Count;
            found.Add(search.Run(
                name, set.Train, folds,
                trial => context.ReportProgress(
                    0.1 + (0.5 * (before + ((double)trial / settings.SearchTrials)) / settings.Learners.Count), $"searching settings of {name.Replace('_', ' ')}, trial {trial + 1}"),
                cancellationToken));
        }

        return ([.. found.Select(one => one.Best)], [.. found.Select(one => one.Result)]);
    }

    private IReadOnlyList<TrainedCandidate> Fit(TrainingRequest request, IReadOnlyList<ILearner> learners, TaskContext context, CancellationToken cancellationToken)
    {
        int started = 0;
        double from = request.Settings.SearchTrials == 0 ? 0.1 : 0.6;
        IReadOnlyList<TrainedCandidate> candidates = new CandidateTraining(context.Time, options.Threads).Run(
            request.Set, learners, request.Settings.Seed,
            learner => context.ReportProgress(
                from + ((0.9 - from) * started++ / learners.Count), $"fitting {learner.Replace('_', ' ')} on {request.Set.Train.Rows} {request.Purpose.Entities}"),
            cancellationToken);
        foreach (TrainedCandidate candidate in candidates)
        {
            ModelMetrics test = candidate.Report.Test;
            context.Logger.LogInformation(
                "{Learner}: test ROC-AUC {RocAuc:F4}, PR-AUC {PrAuc:F4} (base rate {BaseRate:G3}), F1 {F1:F3} at threshold {Threshold:G3}, Brier {Brier:F4}; fitted in {Seconds:F1} s",
                candidate.Report.Learner, test.RocAuc, test.PrAuc, test.BaseRate, test.F1, test.Threshold, test.Brier, candidate.Report.FitTime.TotalSeconds);
        }

        return candidates;
    }

    private async Task<TrainedModel> RegisterAsync(
        TrainingRequest request, IReadOnlyList<TrainedCandidate> candidates, TrainedCandidate chosen, IReadOnlyList<SearchResult> searches, IReadOnlyList<LeakFinding> leaks,
        TaskContext context, CancellationToken cancellationToken)
    {
        context.ReportProgress(0.9, "registering the model");
        ModelVersion? champion = await registry.FindChampionAsync(request.Name, cancellationToken);
        await stagingFolders.DeleteAbandonedAsync(context, cancellationToken);
        string staging = ModelFolders.CreateStaging(options, request.Name, context.Attempt.AttemptId);
        try
        {
            return await RegisterAsync(request, candidates, chosen, searches, leaks, champion, staging, context, cancellationToken);
        }
        finally
        {
            // It is not there any more where the model was registered; otherwise it would lie about until a later training.
            if (Directory.Exists(staging))
                Directory.Delete(staging, recursive: true);
        }
    }

    private async Task<TrainedModel> RegisterAsync(
        TrainingRequest request, IReadOnlyList<TrainedCandidate> candidates, TrainedCandidate chosen, IReadOnlyList<SearchResult> searches, IReadOnlyList<LeakFinding> leaks,
        ModelVersion? champion, string staging, TaskContext context, CancellationToken cancellationToken)
    {
        (ModelDraft draft, ModelReport report) = await Task.Run(
            () =>
            {
                (ModelFlavor flavor, long bytes) = ModelFolderWriter.SaveModel(staging, chosen.Fitted.Model);
                IReadOnlyList<Driver> drivers = Driver.Of(
                    chosen.Fitted.Model, request.Set.Test.Features, bytes,
                    share => context.ReportProgress(0.9 + (0.05 * share), "looking for what drives the predictions"), cancellationToken);
                PromotionDecision decision = new PromotionTrial(loader, context.Time, request.Settings.Seed).Hold(
                    chosen, drivers, champion, request.Set, leaks, request.Lineage, request.Settings.RequireDatasetTag, bytes, request.Settings.Budget);
                ModelReport made = Report(request, candidates, chosen, searches, leaks, drivers, decision, context.Time.GetUtcNow());
                return (ModelFolderWriter.Write(staging, flavor, request.Name, chosen, request.Set.Test.Features, made), made);
            },
            cancellationToken);

        (ModelVersion Version, AliasEvent Recorded)? registered = null;
        await context.PublishAsync(
            async (scope, token) =>
            {
                ModelVersion version = await registry.RegisterAsync(scope, draft, token);
                await FeatureServiceUse.RecordAsync(scope, version.Name, version.Version, version.Features, token);
                registered = (version, await registry.RecordPromotionAsync(scope, version, report.Promotion, request.Settings.Promotion, report.CreatedAt, token));
            },
            cancellationToken);
        (ModelVersion Version, AliasEvent Recorded) done = registered!.Value;
        context.Logger.LogInformation(
            "Registered {Model} v{Version} ({Learner}). {Reason}", request.Name, done.Version.Version, done.Version.Learner, done.Recorded.Reason);
        return new TrainedModel(done.Version, done.Recorded, report);
    }

    private ModelReport Report(
        TrainingRequest request, IReadOnlyList<TrainedCandidate> candidates, TrainedCandidate chosen, IReadOnlyList<SearchResult> searches, IReadOnlyList<LeakFinding> leaks,
        IReadOnlyList<Driver> drivers, PromotionDecision decision, DateTimeOffset createdAt) => new(
        request.Name,
        request.Purpose,
        request.OutcomeDays,
        request.Lineage,
        request.Set.Periods,
        request.Set.Train.Rows,
        request.Set.Train.Positives,
        [.. candidates.Select(candidate => candidate.Report)],
        chosen.Report.Learner,
        drivers,
        SingleFeature.Rank(request.Set.Test),
        leaks,
        request.Settings.Profit is { } profit ? ProfitCurve.Of(chosen.Report.Ranking, profit) : null,
        searches,
        new TrainingRecipe(
            [.. candidates.Select(candidate => candidate.Report.Learner)], request.Settings.Seed, options.Threads, chosen.Fitted.Protocol.ToString(), request.Settings.SearchTrials,
            request.Settings.Profit),
        decision,
        createdAt);
}
