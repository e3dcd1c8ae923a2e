using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Metrics;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Training;

/// <summary>What every learner must do, whatever it learns with.</summary>
public sealed class LearnerConformanceTests : IDisposable
{
    private readonly LabelledTable _train = SmallShop.Make();
    private readonly LabelledTable _test = SmallShop.Make(400, seed: 2);
    private readonly string _folder = Directory.CreateTempSubdirectory("learner").FullName;

    public static TheoryData<string> Learners => [.. LearnerCatalog.Names];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Learners))]
    public void Finds_a_signal_that_is_there(string learner)
    {
        using FittedModel model = Fit(learner);
        // What recency alone can do here is 0.7.
        RocAuc.Of(Ranking.Of(_test.Labels, model.Predict(_test.Features))).ShouldBeGreaterThan(learner == RecencyLearner.LearnerName ? 0.65 : 0.8);
        model.Learner.ShouldBe(learner);
        model.FeatureNames.ShouldBe(SmallShop.Names);
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void The_same_rows_and_seed_give_the_same_file_whatever_the_threads(string learner)
    {
        byte[] Bytes(int threads, string name)
        {
            string folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
            using FittedModel model = Create(learner).Fit(new FitRequest(SmallShop.Make(25_000), null, Seed: 5, threads), CancellationToken.None);
            return File.ReadAllBytes(Path.Combine(folder, model.Save(folder).DataFile));
        }

        byte[] first = Bytes(1, "first");
        Bytes(1, "again").ShouldBe(first);
        Bytes(2, "two-threads").ShouldBe(first);
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void A_saved_model_predicts_the_same(string learner)
    {
        using FittedModel model = Fit(learner);
        string file = model.Save(_folder).DataFile;
        using FittedModel loaded = Load(learner, Path.Combine(_folder, file));

        loaded.FeatureNames.ShouldBe(model.FeatureNames);
        loaded.Predict(_test.Features).ShouldBe(model.Predict(_test.Features));
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void A_row_is_predicted_the_same_alone_and_among_others(string learner)
    {
        using FittedModel model = Fit(learner);
        float[] together = model.Predict(_test.Features);
        for (int row = 0; row < 20; row++)
            model.Predict(_test.Features.Take([row])).ShouldBe([together[row]]);
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void Contributions_sum_to_the_log_odds(string learner)
    {
        using FittedModel model = Fit(learner);
        float[] probabilities = model.Predict(_test.Features);
        float[] contributions = model.Contributions(_test.Features);
        int width = SmallShop.Names.Length + 1;
        contributions.Length.ShouldBe(_test.Rows * width);
        for (int row = 0; row < _test.Rows; row++)
        {
            float logOdds = contributions.AsSpan(row * width, width).ToArray().Sum();
            probabilities[row].ShouldBe(1 / (1 + MathF.Exp(-logOdds)), 1e-5f);
        }
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void Columns_in_another_order_or_number_are_refused(string learner)
    {
        using FittedModel model = Fit(learner);
        FeatureTable reordered = new([.. SmallShop.Names.Reverse()], _test.Features.Values, _test.Rows);
        FeatureTable shorter = new(["recency_days"], [1f], 1);

        Should.Throw<FeatureMismatchException>(() => model.Predict(reordered)).Message.ShouldContain("another order");
        Should.Throw<FeatureMismatchException>(() => model.Contributions(shorter)).Message.ShouldContain("missing: orders_90d");
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void Missing_values_are_accepted_where_training_had_some(string learner)
    {
        using FittedModel model = Fit(learner);
        float[] values = [.. Enumerable.Repeat(float.NaN, SmallShop.Names.Length)];
        model.Predict(new FeatureTable(SmallShop.Names, values, 1))[0].ShouldBeInRange(0, 1);
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void One_kind_of_label_is_refused(string learner)
    {
        var constant = new LabelledTable(_train.Features, new bool[_train.Rows]);
        Should.Throw<ArgumentException>(() => Create(learner).Fit(new FitRequest(constant, null, 1, 1), CancellationToken.None)).Message.ShouldContain("same label");
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void A_constant_column_does_no_harm(string learner)
    {
        float[] values = [.. _train.Features.Values];
        for (int i = 3; i < values.Length; i += SmallShop.Names.Length)
            values[i] = 0.1f;
        using FittedModel model = Create(learner).Fit(
            new FitRequest(new LabelledTable(new FeatureTable(SmallShop.Names, values, _train.Rows), _train.Labels), null, 1, 1), CancellationToken.None);
        model.Predict(_test.Features).ShouldAllBe(probability => probability >= 0 && probability <= 1);
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void A_truncated_model_file_is_refused(string learner)
    {
        using FittedModel model = Fit(learner);
        string path = Path.Combine(_folder, model.Save(_folder).DataFile);
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);

        Exception? failure = Record.Exception(() => Load(learner, path).Dispose());
        failure.ShouldNotBeNull();
        failure.Message.ShouldContain(path);
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void A_model_of_another_learner_is_refused_by_name(string learner)
    {
        using FittedModel model = Fit(learner);
        string path = Path.Combine(_folder, model.Save(_folder).DataFile);
        foreach (string other in LearnerCatalog.Names.Where(other => other != learner))
        {
            Exception? failure = Record.Exception(() => Load(other, path).Dispose());
            failure.ShouldNotBeNull($"{path} was loaded as {other}");
            failure.Message.ShouldContain(path);
        }
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void Probabilities_are_calibrated_on_the_whole(string learner)
    {
        using FittedModel model = Fit(learner);
        model.Predict(_test.Features).Average().ShouldBe((float)_test.Positives / _test.Rows, 0.06f);
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void Every_setting_that_a_search_may_try_can_be_fitted_and_has_a_name(string learner)
    {
        IReadOnlyList<ILearner> variants = LearnerCatalog.Variants(learner, trainRows: 600);
        variants.ShouldAllBe(variant => variant.Name == learner);
        variants.Select(variant => string.Join(";", variant.Parameters)).Distinct().Count().ShouldBe(variants.Count);
        using FittedModel model = variants[^1].Fit(new FitRequest(SmallShop.Make(200), null, 1, 1), CancellationToken.None);
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void Fitting_can_be_cancelled(string learner) => Should.Throw<OperationCanceledException>(
        () => Create(learner).Fit(new FitRequest(_train, null, 1, 1), new CancellationToken(canceled: true)));

    private FittedModel Fit(string learner) => Create(learner).Fit(new FitRequest(_train, null, Seed: 42, Threads: 1), CancellationToken.None);

    private static ILearner Create(string learner) => learner switch
    {
        GradientBoostingLearner.LearnerName => new GradientBoostingLearner(new GradientBoostingSettings { Rounds = 30 }),
        RandomForestLearner.LearnerName => new RandomForestLearner(new RandomForestSettings { Trees = 40 }),
        AdaBoostLearner.LearnerName => new AdaBoostLearner(new AdaBoostSettings { Trees = 40 }),
        _ => LearnerCatalog.Create(learner, trainRows: 600),
    };

    private static FittedModel Load(string learner, string path) => LearnerCatalog.Load(learner, path, threads: 1);
}
