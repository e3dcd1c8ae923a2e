using EcomWorkflows.Pipeline.Training.Metrics;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Training;

public sealed class PairedBootstrapTests
{
    [Fact]
    public void A_model_compared_with_itself_differs_by_nothing()
    {
        (bool[] labels, float[] scores, _) = Scores(500);
        (PairedDifference roc, PairedDifference pr) = PairedBootstrap.Compare(labels, scores, scores, seed: 1);

        roc.ShouldBe(new PairedDifference(0, new Interval(0, 0)));
        pr.ShouldBe(new PairedDifference(0, new Interval(0, 0)));
    }

    [Fact]
    public void The_difference_is_that_of_the_two_figures_and_lies_in_its_interval()
    {
        (bool[] labels, float[] good, float[] worse) = Scores(2_000);
        (PairedDifference roc, PairedDifference pr) = PairedBootstrap.Compare(labels, good, worse, seed: 1);

        roc.Difference.ShouldBe(RocAuc.Of(Ranking.Of(labels, good)) - RocAuc.Of(Ranking.Of(labels, worse)), 1e-12);
        pr.Difference.ShouldBe(PrAuc.Of(Ranking.Of(labels, good)) - PrAuc.Of(Ranking.Of(labels, worse)), 1e-12);
        roc.Interval.Low.ShouldBeGreaterThan(0);
        roc.Difference.ShouldBeInRange(roc.Interval.Low, roc.Interval.High);
        pr.Difference.ShouldBeInRange(pr.Interval.Low, pr.Interval.High);
    }

    [Fact]
    public void Pairing_makes_the_interval_narrower_than_the_two_apart()
    {
        (bool[] labels, float[] good, float[] worse) = Scores(2_000);
        PairedDifference roc = PairedBootstrap.Compare(labels, good, worse, seed: 1).RocAuc;
        Interval alone = Bootstrap.Intervals(Ranking.Of(labels, good), 0.5f, seed: 1).RocAuc;

        (roc.Interval.High - roc.Interval.Low).ShouldBeLessThan(2 * (alone.High - alone.Low));
    }

    [Fact]
    public void The_same_seed_gives_the_same_interval()
    {
        (bool[] labels, float[] good, float[] worse) = Scores(300);
        PairedBootstrap.Compare(labels, good, worse, seed: 5).ShouldBe(PairedBootstrap.Compare(labels, good, worse, seed: 5));
    }

    [Fact]
    public void Different_numbers_of_rows_are_refused() =>
        Should.Throw<ArgumentException>(() => PairedBootstrap.Compare([true, false], [1f, 2f], [1f], seed: 1)).Message.ShouldContain("2 labels and 2 and 1 scores");

    private static (bool[] Labels, float[] Good, float[] Worse) Scores(int rows)
    {
        var random = new Random(3);
        bool[] labels = [.. Enumerable.Range(0, rows).Select(_ => random.Next(3) == 0)];
        float[] good = [.. labels.Select(label => (label ? 0.3f : 0f) + random.NextSingle())];
        float[] worse = [.. good.Select(score => score + (0.6f * random.NextSingle()))];
        return (labels, good, worse);
    }
}
