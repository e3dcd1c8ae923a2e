using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Learners;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Training;

public sealed class AdaBoostTests
{
    [Fact]
    public void One_stump_is_what_one_finds_by_hand()
    {
        // The best cut lies between 4 and 5 and gets one of eight rows wrong.
        var table = new LabelledTable(new FeatureTable(["a"], [1, 2, 3, 4, 5, 6, 7, 8], 8), [false, false, true, false, true, true, true, true]);
        var learner = new AdaBoostLearner(new AdaBoostSettings { Trees = 1, Depth = 1, LearningRate = 1, MinRowsInLeaf = 1 });

        using FittedModel model = learner.Fit(new FitRequest(table, null, 1, 1), CancellationToken.None);

        float[] probabilities = model.Predict(table.Features);
        probabilities[..4].Distinct().Count().ShouldBe(1);
        probabilities[4..].Distinct().Count().ShouldBe(1);
        probabilities[0].ShouldBeLessThan(probabilities[7]);
    }

    [Fact]
    public void Several_stumps_learn_what_one_cannot()
    {
        // Positive in the middle: no single cut separates it, three do.
        float[] values = [.. Enumerable.Range(0, 90).Select(i => (float)i)];
        bool[] labels = [.. Enumerable.Range(0, 90).Select(i => i is >= 30 and < 60)];
        var table = new LabelledTable(new FeatureTable(["a"], values, 90), labels);

        using var model = (AdaBoostModel)new AdaBoostLearner(new AdaBoostSettings { Depth = 1, LearningRate = 1 }).Fit(new FitRequest(table, null, 1, 1), CancellationToken.None);

        float[] probabilities = model.Predict(table.Features);
        labels.Zip(probabilities).Where(row => row.First).Min(row => row.Second).ShouldBeGreaterThan(labels.Zip(probabilities).Where(row => !row.First).Max(row => row.Second));
        model.Trees.ShouldBeGreaterThan(1);
    }

    [Fact]
    public void Where_only_one_column_matters_only_it_is_a_reason()
    {
        float[] values = [.. Enumerable.Range(0, 200).SelectMany(i => (float[])[i % 20, 7f])];
        bool[] labels = [.. Enumerable.Range(0, 200).Select(i => i % 20 >= 12)];
        var table = new LabelledTable(new FeatureTable(["signal", "constant"], values, 200), labels);

        using FittedModel model = new AdaBoostLearner(new AdaBoostSettings()).Fit(new FitRequest(table, null, 1, 1), CancellationToken.None);
        float[] contributions = model.Contributions(table.Features.Take([0, 19]));

        contributions[0].ShouldBeLessThan(0);
        contributions[3].ShouldBeGreaterThan(0);
        (contributions[1], contributions[4]).ShouldBe((0f, 0f));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void A_depth_it_cannot_explain_is_refused(int depth) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new AdaBoostLearner(new AdaBoostSettings { Depth = depth })).Message.ShouldContain("allowed are 1 to 3");
}
