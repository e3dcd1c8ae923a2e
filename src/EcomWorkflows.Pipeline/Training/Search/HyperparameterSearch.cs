using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Metrics;

namespace EcomWorkflows.Pipeline.Training.Search;

/// <summary>
/// Random search over a learner's settings (Bergstra and Bengio, 2012), judged on later training cutoffs. The rows that judge a trial also stop boosting early
/// in it; test rows take no part.
/// </summary>
/// <param name="trials">Combinations tried, the default settings first among them.</param>
internal sealed class HyperparameterSearch(int trials, int seed, int threads)
{
    internal (ILearner Best, SearchResult Result) Run(string learner, LabelledTable train, IReadOnlyList<TimeFold> folds, Action<int> onTrial, CancellationToken cancellationToken)
    {
        ILearner[] others = [.. LearnerCatalog.Variants(learner, train.Rows)];
        new Random(seed).Shuffle(others);
        ILearner[] tried = [.. others.Prepend(LearnerCatalog.Create(learner, train.Rows)).DistinctBy(one => string.Join(';', one.Parameters)).Take(trials)];
        (LabelledTable Fit, LabelledTable Judge)[] parts = [.. folds.Select(fold => (train.Take(fold.Fit), train.Take(fold.Judge)))];
        var results = new List<(ILearner Learner, SearchTrial Trial)>();
        foreach (ILearner candidate in tried)
        {
            onTrial(results.Count);
            double[] aucs = [.. parts.Select(part => Judge(candidate, part.Fit, part.Judge, cancellationToken)).Where(double.IsFinite)];
            results.Add((candidate, new SearchTrial(candidate.Parameters, aucs.Length == 0 ? double.NaN : aucs.Average())));
        }

        // Stable: among equals the earlier stays, and the default settings come first.
        (ILearner Learner, SearchTrial Trial)[] ordered = [.. results.OrderByDescending(result => double.IsNaN(result.Trial.MeanRocAuc) ? 0 : result.Trial.MeanRocAuc)];
        return (ordered[0].Learner, new SearchResult(learner, [.. folds.Select(fold => fold.Name)], [.. ordered.Select(result => result.Trial)]));
    }

    private double Judge(ILearner learner, LabelledTable fit, LabelledTable judge, CancellationToken cancellationToken)
    {
        if (fit.Positives == 0 || fit.Positives == fit.Rows)
            return double.NaN;
        using FittedModel model = learner.Fit(new FitRequest(fit, judge, seed, threads), cancellationToken);
        return RocAuc.Of(Ranking.Of(judge.Labels, model.Predict(judge.Features)));
    }
}
