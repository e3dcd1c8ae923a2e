using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Evaluation;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Metrics;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Training;

public sealed class EvaluationTests
{
    [Fact]
    public void Folds_are_equal_in_size_and_in_churners()
    {
        bool[] labels = [.. Enumerable.Range(0, 1_003).Select(i => i % 10 == 0)];
        int[] folds = StratifiedFolds.Assign(labels, 5, seed: 42);

        for (int fold = 0; fold < 5; fold++)
        {
            int[] rows = [.. Enumerable.Range(0, labels.Length).Where(row => folds[row] == fold)];
            rows.Length.ShouldBeInRange(200, 202);
            rows.Count(row => labels[row]).ShouldBeInRange(20, 21);
        }

        StratifiedFolds.Assign(labels, 5, seed: 42).ShouldBe(folds);
    }

    [Fact]
    public void Rows_of_one_customer_stay_together()
    {
        LabelledTable table = SmallShop.Make(600) with { Groups = [.. Enumerable.Range(0, 600).Select(row => (long)(row % 200))] };
        int[] folds = StratifiedFolds.Assign(table, 5, seed: 42);

        for (int customer = 0; customer < 200; customer++)
            new[] { folds[customer + 200], folds[customer + 400] }.ShouldAllBe(fold => fold == folds[customer]);
        folds.GroupBy(fold => fold).ShouldAllBe(fold => fold.Count() >= 114 && fold.Count() <= 126);
        table.Take([1, 201, 5]).Groups.ShouldBe([1L, 1L, 5L]);
    }

    [Fact]
    public void Every_row_is_on_exactly_one_side_of_a_split()
    {
        int[] folds = StratifiedFolds.Assign([true, false, true, false, true, false], 3, seed: 1);
        (int[] outside, int[] inside) = StratifiedFolds.Split(folds, 1);

        outside.Concat(inside).Order().ShouldBe([0, 1, 2, 3, 4, 5]);
        inside.Length.ShouldBe(2);
    }

    [Fact]
    public void A_small_table_is_judged_out_of_fold_and_a_large_one_on_a_held_out_fifth()
    {
        var fitter = new CandidateFitter(TimeProvider.System, seed: 42, threads: 1);
        using Candidate small = fitter.Fit(new LogisticRegressionLearner(), SmallShop.Make(), CancellationToken.None);
        using Candidate large = fitter.Fit(new LogisticRegressionLearner(), SmallShop.Make(CandidateFitter.OutOfFoldRows + 1), CancellationToken.None);

        small.Protocol.ShouldBe(FitProtocol.OutOfFold);
        large.Protocol.ShouldBe(FitProtocol.HeldOut);
        small.Threshold.ShouldBeInRange(0.01f, 0.99f);
        small.ValidationRocAuc.ShouldBeInRange(0.75, 1);
    }

    [Fact]
    public void Boosting_with_validation_rows_stops_before_it_learns_the_noise()
    {
        var learner = new GradientBoostingLearner(new GradientBoostingSettings { Rounds = 200, LearningRate = 0.3 });
        using var model = (GradientBoostingModel)learner.Fit(
            new FitRequest(SmallShop.Make(), SmallShop.Make(600, seed: 9), Seed: 1, Threads: 1), CancellationToken.None);

        model.Trees.ShouldBeInRange(1, 60);
        model.FeatureNames.ShouldBe(SmallShop.Names);
    }

    [Fact]
    public void The_drivers_are_the_features_that_cause_churn()
    {
        using Candidate candidate = new CandidateFitter(TimeProvider.System, 42, 1).Fit(new LogisticRegressionLearner(), SmallShop.Make(2_000), CancellationToken.None);
        IReadOnlyList<Driver> drivers = Driver.Of(candidate.Model, SmallShop.Make(2_000, seed: 4).Features, modelBytes: 0);

        drivers.Take(2).Select(driver => driver.Feature).ShouldBe(["recency_days", "orders_90d"], ignoreOrder: true);
        drivers.Single(driver => driver.Feature == "recency_days").Direction.ShouldBeGreaterThan(0.9);
        drivers.Single(driver => driver.Feature == "orders_90d").Direction.ShouldBeLessThan(-0.9);
    }

    [Fact]
    public void A_large_model_is_explained_on_fewer_rows_part_by_part_and_can_be_stopped()
    {
        using Candidate candidate = new CandidateFitter(TimeProvider.System, 42, 1).Fit(new LogisticRegressionLearner(), SmallShop.Make(2_000), CancellationToken.None);
        FeatureTable table = SmallShop.Make(2_000, seed: 4).Features;
        using var stop = new CancellationTokenSource();
        var shares = new List<double>();

        IReadOnlyList<Driver> few = Driver.Of(candidate.Model, table, modelBytes: 100 << 20, shares.Add);
        Should.Throw<OperationCanceledException>(() => Driver.Of(candidate.Model, table, modelBytes: 0, _ => stop.Cancel(), stop.Token));

        few.ShouldBe(Driver.Of(candidate.Model, table.Take([.. Enumerable.Range(0, 100).Select(row => row * 20)]), modelBytes: 0));
        shares.Count.ShouldBe(20);
        shares.ShouldBeInOrder();
        few.Take(2).Select(driver => driver.Feature).ShouldBe(["recency_days", "orders_90d"], ignoreOrder: true);
    }

    [Fact]
    public void The_best_single_feature_is_found_in_either_direction()
    {
        IReadOnlyList<SingleFeature> features = SingleFeature.Rank(SmallShop.Make(3_000));

        features[0].Name.ShouldBe("recency_days");
        features[0].RisesWithChurn.ShouldBeTrue();
        features.Single(feature => feature.Name == "orders_90d").RisesWithChurn.ShouldBeFalse();
        features.ShouldAllBe(feature => feature.RocAuc >= 0.5);
    }

    [Fact]
    public void Test_rows_are_evaluated_at_the_threshold_of_training()
    {
        using Candidate candidate = new CandidateFitter(TimeProvider.System, 42, 1).Fit(new LogisticRegressionLearner(), SmallShop.Make(), CancellationToken.None);
        ModelMetrics metrics = candidate.Evaluate(SmallShop.Make(500, seed: 3), seed: 7, out Ranking ranking);

        metrics.Threshold.ShouldBe(candidate.Threshold);
        metrics.Rows.ShouldBe(500);
        metrics.RocAuc.ShouldBe(RocAuc.Of(ranking));
        metrics.RocAuc.ShouldBeInRange(metrics.RocAucInterval.Low, metrics.RocAucInterval.High);
    }
}
