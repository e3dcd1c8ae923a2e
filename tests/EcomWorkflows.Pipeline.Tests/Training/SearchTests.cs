using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Search;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Training;

public sealed class SearchTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_later_cutoff_judges_only_what_was_known_by_then()
    {
        // Cutoffs 20 days apart, outcome and embargo 31 days: the third may use the first, the fourth the first two.
        TrainingSet set = Set(SmallShop.Make(100), [25, 25, 25, 25], stepDays: 20);
        IReadOnlyList<TimeFold> folds = TimeFold.Of(set, embargoDays: 31, seed: 1);

        folds.Count.ShouldBe(2);
        folds[0].Fit.ShouldBe([.. Enumerable.Range(0, 25)]);
        folds[0].Judge.ShouldBe([.. Enumerable.Range(50, 25)]);
        folds[1].Fit.ShouldBe([.. Enumerable.Range(0, 50)]);
        folds[1].Judge.ShouldBe([.. Enumerable.Range(75, 25)]);
    }

    [Fact]
    public void With_one_cutoff_random_folds_stand_in_and_say_so()
    {
        IReadOnlyList<TimeFold> folds = TimeFold.Of(Set(SmallShop.Make(90), [90], stepDays: 1), embargoDays: 31, seed: 1);
        folds.Count.ShouldBe(3);
        folds.ShouldAllBe(fold => fold.Name.Contains("no training cutoff lies late enough"));
    }

    [Fact]
    public void The_best_trial_wins_and_the_same_seed_tries_the_same()
    {
        LabelledTable train = SmallShop.Make(600);
        IReadOnlyList<TimeFold> folds = TimeFold.Of(Set(train, [300, 300], stepDays: 40), embargoDays: 31, seed: 1);
        var search = new HyperparameterSearch(trials: 5, seed: 3, threads: 1);

        (ILearner best, SearchResult result) = search.Run(LogisticRegressionLearner.LearnerName, train, folds, _ => { }, CancellationToken.None);
        (_, SearchResult again) = search.Run(LogisticRegressionLearner.LearnerName, train, folds, _ => { }, CancellationToken.None);

        result.Trials.Count.ShouldBe(5);
        result.Trials.Select(trial => trial.MeanRocAuc).ShouldBeInOrder(SortDirection.Descending);
        best.Parameters.ShouldBe(result.Trials[0].Parameters);
        again.Trials.Select(trial => (trial.Parameters["C"], trial.MeanRocAuc)).ShouldBe(result.Trials.Select(trial => (trial.Parameters["C"], trial.MeanRocAuc)));
        result.Trials.Select(trial => trial.Parameters["C"]).ShouldContain("1", "the default settings are always tried");
    }

    private static TrainingSet Set(LabelledTable train, int[] periods, int stepDays) =>
        new(train, SmallShop.Make(50, seed: 2), Start, Start.AddDays(365)) { Periods = [.. periods.Select((rows, i) => new TrainingPeriod(Start.AddDays(i * stepDays), rows))] };
}
