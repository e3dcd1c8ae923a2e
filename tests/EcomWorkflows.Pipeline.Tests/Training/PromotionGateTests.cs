using EcomWorkflows.Pipeline.Training.Evaluation;
using EcomWorkflows.Pipeline.Training.Leaks;
using EcomWorkflows.Pipeline.Training.Metrics;
using EcomWorkflows.Pipeline.Training.Registry;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Training;

public sealed class PromotionGateTests
{
    private static readonly ModelMetrics Metrics = ModelMetrics.Of(Ranking.Of([true, false, true, false], [0.9f, 0.2f, 0.8f, 0.1f]), 0.5f, seed: 1);

    private static readonly PromotionEvidence First = new()
    {
        Challenger = Metrics,
        HoldoutSha256 = new string('a', 64),
        HoldoutCutoff = new DateTimeOffset(2026, 2, 11, 0, 0, 0, TimeSpan.Zero),
        DatasetTag = "shop-churn_training_set/v3",
        DatasetCommit = "abc",
        DatasetTagRequired = true,
    };

    private static readonly PromotionEvidence Second = First with
    {
        ChampionVersion = 3,
        Champion = Metrics,
        ChampionCalibrationError = 0,
        RocAucDifference = new PairedDifference(0, new Interval(0, 0)),
        PrAucDifference = new PairedDifference(0, new Interval(0, 0)),
    };

    [Fact]
    public void The_first_version_is_promoted()
    {
        PromotionDecision decision = Decide(First);
        decision.Promote.ShouldBeTrue();
        decision.Reason.ShouldBe("It is the first version.");
        decision.Gates.Select(gate => gate.Gate).ShouldBe(["same_holdout", "not_worse", "calibration", "slices", "leak_sentinels", "size_and_speed", "dataset_tag"]);
    }

    [Fact]
    public void An_equal_version_takes_over_because_it_learned_from_newer_data() => Decide(Second).Promote.ShouldBeTrue();

    [Theory]
    [InlineData(-0.002, -0.008, true)]   // a little lower, and a loss of 0.01 is out of the question
    [InlineData(-0.002, -0.02, false)]   // a little lower, and it might be a real loss
    [InlineData(-0.1, -0.12, false)]
    [InlineData(0.001, -0.05, true)]     // higher: newer data decides
    public void Worse_is_what_the_paired_interval_cannot_exclude(double difference, double low, bool promoted)
    {
        PromotionDecision decision = Decide(Second with { PrAucDifference = new PairedDifference(difference, new Interval(low, 0.1)) });

        decision.Promote.ShouldBe(promoted);
        decision.Reason.ShouldStartWith(promoted ? "Not worse: ROC-AUC" : "Worse, so the champion stays: ROC-AUC");
        decision.Reason.ShouldContain("of the champion v3 on the same 4 test rows");
    }

    [Fact]
    public void A_champion_that_cannot_predict_gives_way()
    {
        PromotionDecision decision = Decide(First with { ChampionVersion = 3, ChampionProblem = "it expects other features." });
        decision.Promote.ShouldBeTrue();
        decision.Reason.ShouldBe("The champion v3 cannot be used any more: it expects other features.");
    }

    [Fact]
    public void A_version_that_is_less_calibrated_is_refused() =>
        Refused(Second with { Champion = Metrics with { Brier = Metrics.Brier / 2 } }, "calibration", "Brier");

    [Fact]
    public void A_version_that_fails_on_a_slice_is_refused() => Refused(
        Second with { ChallengerSlices = [Slice("a", 0.8), Slice("home_country = 0", 0.6)], ChampionSlices = [Slice("a", 0.7), Slice("home_country = 0", 0.8)] },
        "slices", "'home_country = 0' (5000 rows): ROC-AUC 0.6000 against 0.8000");

    [Fact]
    public void A_small_fall_on_a_small_slice_is_chance() => Decide(
        Second with { ChallengerSlices = [Slice("a", 0.70) with { Rows = 120 }], ChampionSlices = [Slice("a", 0.80) with { Rows = 120 }] }).Promote.ShouldBeTrue();

    [Fact]
    public void A_fall_on_a_large_slice_with_few_positives_is_chance() => Decide(
        Second with { ChallengerSlices = [Slice("a", 0.70) with { Rows = 100_000, BaseRate = 0.0002 }], ChampionSlices = [Slice("a", 0.80) with { Rows = 100_000, BaseRate = 0.0002 }] }).Promote.ShouldBeTrue();

    [Fact]
    public void A_fall_on_a_large_slice_is_refused_beside_a_larger_one_by_chance() => Refused(
        Second with
        {
            ChallengerSlices = [Slice("small", 0.70) with { Rows = 120 }, Slice("large", 0.72) with { Rows = 50_000 }],
            ChampionSlices = [Slice("small", 0.80) with { Rows = 120 }, Slice("large", 0.80) with { Rows = 50_000 }],
        },
        "slices", "'large' (50000 rows)");

    [Fact]
    public void A_version_too_slow_or_too_large_is_refused()
    {
        Refused(Second with { MicrosecondsPerRow = 501 }, "size_and_speed", "501.0 µs per row (allowed 500)");
        Refused(Second with { ModelBytes = 1L << 40 }, "size_and_speed", "bytes");
    }

    [Fact]
    public void A_version_of_data_without_a_tag_is_refused_where_one_is_required()
    {
        Refused(Second with { DatasetTag = null }, "dataset_tag", "run Ecom.VersionDatasets before training");
        Decide(Second with { DatasetTag = null, DatasetTagRequired = false }).Promote.ShouldBeTrue();
    }

    [Fact]
    public void A_leak_that_was_overridden_stays_in_the_evidence()
    {
        PromotionDecision decision = Decide(Second with { Leaks = [new LeakFinding("single_feature", "funnel_depth", 1, 0.95, "'funnel_depth' alone has ROC-AUC 1")] });
        decision.Gates.Single(gate => gate.Gate == "leak_sentinels").Detail.ShouldContain("overridden by the DAG (onLeak: report): 'funnel_depth'");
    }

    [Fact]
    public void All_reasons_are_named_at_once()
    {
        PromotionDecision decision = Decide(Second with { DatasetTag = null, MicrosecondsPerRow = 1_000, RocAucDifference = new PairedDifference(-0.2, new Interval(-0.3, -0.1)) });
        decision.Reason.ShouldContain("Worse, so the champion stays");
        decision.Reason.ShouldContain("size_and_speed");
        decision.Reason.ShouldContain("dataset_tag");
    }

    private static void Refused(PromotionEvidence evidence, string gate, string detail)
    {
        PromotionDecision decision = Decide(evidence);
        decision.Promote.ShouldBeFalse();
        decision.Gates.Where(check => !check.Passed).Select(check => check.Gate).ShouldBe([gate]);
        decision.Reason.ShouldContain($"Refused by {gate} (");
        decision.Reason.ShouldContain(detail);
    }

    private static PromotionDecision Decide(PromotionEvidence evidence) => PromotionGate.Decide(evidence, new PromotionBudget());

    private static SliceMetrics Slice(string name, double rocAuc) => new(name, 5_000, 0.5, rocAuc, rocAuc, 0.5, 0.2, 0.01);
}
