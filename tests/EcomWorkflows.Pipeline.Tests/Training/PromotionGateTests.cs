using EcomWorkflows.Pipeline.Training.Metrics;
using EcomWorkflows.Pipeline.Training.Registry;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Training;

public sealed class PromotionGateTests
{
    private static readonly ModelMetrics Good = ModelMetrics.Of(Ranking.Of([true, false, true, false], [0.9f, 0.2f, 0.8f, 0.1f]), 0.5f, seed: 1);
    private static readonly ModelMetrics Bad = ModelMetrics.Of(Ranking.Of([true, false, true, false], [0.1f, 0.9f, 0.8f, 0.2f]), 0.5f, seed: 1);

    [Fact]
    public void The_first_version_is_promoted() => PromotionGate.FirstVersion(Bad).Promote.ShouldBeTrue();

    [Fact]
    public void A_better_version_is_promoted_with_both_figures()
    {
        PromotionDecision decision = PromotionGate.Compare(Good, championVersion: 3, Bad);

        decision.Promote.ShouldBeTrue();
        decision.Reason.ShouldContain("1.0000 against 0.2500 of the champion v3");
    }

    [Fact]
    public void A_worse_version_is_refused_with_its_evidence()
    {
        PromotionDecision decision = PromotionGate.Compare(Bad, championVersion: 3, Good);

        decision.Promote.ShouldBeFalse();
        decision.Champion.ShouldBe(Good);
        decision.Challenger.ShouldBe(Bad);
    }

    [Fact]
    public void An_equal_version_takes_over_because_it_learned_from_newer_data() => PromotionGate.Compare(Good, 3, Good).Promote.ShouldBeTrue();

    [Fact]
    public void A_champion_that_cannot_be_used_gives_way() =>
        PromotionGate.ChampionUnusable(Bad, 3, "it expects other features").Reason.ShouldContain("v3 cannot be used any more: it expects other features");
}
