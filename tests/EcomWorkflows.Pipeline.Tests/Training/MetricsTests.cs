using EcomWorkflows.Pipeline.Training.Metrics;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;
using Interval = EcomWorkflows.Pipeline.Training.Metrics.Interval;

namespace EcomWorkflows.Pipeline.Tests.Training;

/// <summary>Four customers, worked out by hand: churned 0.9 and 0.7, stayed 0.8 and 0.1.</summary>
public sealed class MetricsTests
{
    private static readonly Ranking Four = Ranking.Of([true, false, true, false], [0.9f, 0.8f, 0.7f, 0.1f]);

    // Pairs won: 0.9 beats both, 0.7 beats 0.1 only: 3 of 4.
    [Fact]
    public void Roc_auc_is_the_share_of_pairs_won() => RocAuc.Of(Four).ShouldBe(0.75, 1e-12);

    [Fact]
    public void Roc_auc_counts_ties_half() => RocAuc.Of(Ranking.Of([true, false, false], [0.5f, 0.5f, 0.1f])).ShouldBe(0.75, 1e-12);

    // Precision 1 at the first churner, 2/3 at the second: (1 + 2/3) / 2.
    [Fact]
    public void Pr_auc_is_the_mean_precision_at_the_positives() => PrAuc.Of(Four).ShouldBe(5.0 / 6, 1e-12);

    [Fact]
    public void Pr_auc_of_equal_scores_is_the_base_rate() => PrAuc.Of(Ranking.Of([true, false, false, false], [0.5f, 0.5f, 0.5f, 0.5f])).ShouldBe(0.25, 1e-12);

    // F1 at 0.9, 0.8, 0.7, 0.1: 2/3, 1/2, 4/5, 2/3.
    [Fact]
    public void The_best_threshold_lies_below_the_score_with_the_best_f1() => DecisionThreshold.BestF1(Four).ShouldBe(0.4f, 1e-6);

    [Fact]
    public void A_threshold_between_neighbouring_numbers_leaves_the_lower_one_out() =>
        DecisionThreshold.BestF1(Ranking.Of([true, false], [MathF.BitIncrement(0.5f), 0.5f])).ShouldBe(MathF.BitIncrement(0.5f));

    [Fact]
    public void Among_equally_good_thresholds_the_lowest_is_taken() =>
        DecisionThreshold.BestF1(Ranking.Of([true, false, false, true], [0.9f, 0.8f, 0.7f, 0.6f])).ShouldBe(0.6f);

    [Fact]
    public void Labels_at_a_threshold_are_counted()
    {
        Confusion confusion = Confusion.At(Four, 0.75f);

        confusion.ShouldBe(new Confusion(TruePositives: 1, FalsePositives: 1, FalseNegatives: 1, TrueNegatives: 1));
        confusion.Precision.ShouldBe(0.5);
        confusion.Recall.ShouldBe(0.5);
        confusion.F1.ShouldBe(0.5);
        confusion.Accuracy.ShouldBe(0.5);
    }

    [Fact]
    public void A_score_equal_to_the_threshold_is_positive() => Confusion.At(Four, 0.7f).TruePositives.ShouldBe(2);

    [Fact]
    public void Without_any_positive_label_precision_is_zero() => Confusion.At(Four, 0.95f).Precision.ShouldBe(0);

    // (0.1² + 0.8² + 0.3² + 0.1²) / 4
    [Fact]
    public void Brier_is_the_mean_squared_error() => BrierScore.Of(Four).ShouldBe(0.1875, 1e-7);

    // −(ln 0.9 + ln 0.2 + ln 0.7 + ln 0.9) / 4
    [Fact]
    public void Log_loss_is_the_mean_surprise() => LogLoss.Of(Four).ShouldBe(0.5442089, 1e-6);

    [Fact]
    public void Log_loss_of_a_certain_mistake_is_finite() => LogLoss.Of(Ranking.Of([true], [0f])).ShouldBe(-Math.Log(1e-15), 1e-6);

    // The top quarter is one customer, a churner: twice the base rate of one half.
    [Fact]
    public void Lift_compares_the_top_with_the_base_rate()
    {
        Lift.AtTop(Four, 0.25).ShouldBe(2, 1e-12);
        Lift.AtTop(Four, 0.5).ShouldBe(1, 1e-12);
        Lift.AtTop(Four, 1).ShouldBe(1, 1e-12);
        Lift.RecallAtTop(Four, 0.25).ShouldBe(0.5, 1e-12);
    }

    [Fact]
    public void Lift_shares_ties_at_the_cut() => Lift.AtTop(Ranking.Of([true, false, true, false], [0.5f, 0.5f, 0.5f, 0.5f]), 0.25).ShouldBe(1, 1e-12);

    [Fact]
    public void At_least_one_customer_is_in_the_top() => Lift.AtTop(Four, 0.01).ShouldBe(2, 1e-12);

    [Fact]
    public void Calibration_compares_predicted_with_observed_from_low_to_high()
    {
        IReadOnlyList<Calibration.Group> groups = Calibration.Of(Four, 2);

        groups.Count.ShouldBe(2);
        groups[0].Rows.ShouldBe(2);
        groups[0].MeanPredicted.ShouldBe(0.4, 1e-6);
        groups[0].ObservedRate.ShouldBe(0.5);
        groups[1].MeanPredicted.ShouldBe(0.85, 1e-6);
    }

    [Fact]
    public void The_roc_curve_runs_from_corner_to_corner()
    {
        IReadOnlyList<RocCurve.Point> curve = RocCurve.Of(Four);

        curve[0].ShouldBe(new RocCurve.Point(0, 0));
        curve[1].ShouldBe(new RocCurve.Point(0, 0.5));
        curve[^1].ShouldBe(new RocCurve.Point(1, 1));
    }

    [Fact]
    public void One_kind_of_label_has_no_ranking_quality()
    {
        Ranking onlyPositive = Ranking.Of([true, true], [0.1f, 0.2f]);

        RocAuc.Of(onlyPositive).ShouldBe(double.NaN);
        PrAuc.Of(onlyPositive).ShouldBe(1, 1e-12);
        RocCurve.Of(onlyPositive).ShouldBeEmpty();
        Should.Throw<ArgumentException>(() => DecisionThreshold.BestF1(Ranking.Of([false], [0.1f])));
    }

    [Fact]
    public void A_score_that_is_no_number_is_refused() => Should.Throw<ArgumentException>(() => Ranking.Of([true, false], [0.5f, float.NaN]));

    [Fact]
    public void Intervals_contain_the_value_and_narrow_with_more_rows()
    {
        Interval few = Bootstrap.Intervals(Noisy(200), 0.5f, seed: 7).RocAuc;
        BootstrapIntervals all = Bootstrap.Intervals(Noisy(100_000), 0.5f, seed: 7);
        (Interval many, Interval precision) = (all.RocAuc, all.PrAuc);

        RocAuc.Of(Noisy(100_000)).ShouldBeInRange(many.Low, many.High);
        PrAuc.Of(Noisy(100_000)).ShouldBeInRange(precision.Low, precision.High);
        (many.High - many.Low).ShouldBeLessThan((few.High - few.Low) / 10);
        Bootstrap.Intervals(Noisy(200), 0.5f, seed: 7).RocAuc.ShouldBe(few);
    }

    [Fact]
    public void Roc_auc_ignores_row_order_and_flips_with_the_scores() => Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        bool[] labels = [.. Enumerable.Range(0, 60).Select(i => i % 3 == 0)];
        float[] scores = [.. labels.Select(_ => random.Next(8) / 8f)];
        int[] order = [.. Enumerable.Range(0, 60)];
        random.Shuffle(order);

        double auc = RocAuc.Of(Ranking.Of(labels, scores));
        RocAuc.Of(Ranking.Of([.. order.Select(i => labels[i])], [.. order.Select(i => scores[i])])).ShouldBe(auc, 1e-12);
        RocAuc.Of(Ranking.Of(labels, [.. scores.Select(score => -score)])).ShouldBe(1 - auc, 1e-12);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(60)]
    [InlineData(20_000)]
    public void Steps_are_the_distinct_scores_in_falling_order_with_their_labels(int rows)
    {
        var random = new Random(rows);
        float[] values = [float.NegativeInfinity, -2.5f, -0f, 0f, float.Epsilon, 0.25f, 1f, 3e30f, float.PositiveInfinity];
        float[] scores = [.. Enumerable.Range(0, rows).Select(i => i % 3 == 0 ? values[random.Next(values.Length)] : (random.NextSingle() - 0.5f) * MathF.Pow(10, random.Next(-5, 5)))];
        bool[] labels = [.. scores.Select(_ => random.Next(3) == 0)];

        Ranking ranking = Ranking.Of(labels, scores);

        Ranking.Step[] expected =
        [
            .. scores.Zip(labels).GroupBy(row => row.First + 0f).OrderByDescending(group => group.Key)
                .Select(group => new Ranking.Step(group.Key, group.Count(row => row.Second), group.Count(row => !row.Second))),
        ];
        ranking.Steps.ToArray().ShouldBe(expected);
        (ranking.Rows, ranking.Positives).ShouldBe((rows, labels.Count(label => label)));
    }

    private static Ranking Noisy(int rows)
    {
        var random = new Random(3);
        bool[] labels = new bool[rows];
        float[] scores = new float[rows];
        for (int i = 0; i < rows; i++)
        {
            scores[i] = random.NextSingle();
            labels[i] = random.NextSingle() < scores[i];
        }

        return Ranking.Of(labels, scores);
    }
}
