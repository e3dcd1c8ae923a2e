using EcomWorkflows.Pipeline.Scoring.Retention;
using EcomWorkflows.Pipeline.Training.Evaluation;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Scoring;

public sealed class RetentionPlanTests
{
    private static readonly RetentionSettings Everybody = new() { HoldoutShare = 0 };

    [Fact]
    public void Reasons_are_told_in_words()
    {
        const string Json = """[{"feature": "recency", "value": 342.171875, "contribution": 2.1}, {"feature": "country", "value": null, "contribution": 0.1}]""";
        var target = new RetentionTarget("a", 1, IsHeldOut: false, 0.9, 100, 22.8, 4.2, Json);

        target.Why().ShouldBe("recency = 342.17, country = unknown");
        (target with { Reasons = null }).Why().ShouldBeNull();
    }

    [Fact]
    public void Profit_and_cost_are_those_computed_by_hand()
    {
        // p·g·(V − d) − (1 − p)·s·d − c = 0.9 · 0.3 · 90 − 0.1 · 0.5 · 10 − 1; cost c + d·(p·g + (1 − p)·s) = 1 + 10 · (0.27 + 0.05).
        RetentionTarget target = Plan(Everybody, ("a", 0.9)).Targets.Single();
        target.ExpectedProfit.ShouldBe(22.8, 1e-12);
        target.ExpectedCost.ShouldBe(4.2, 1e-12);
        // (s·d + c) ÷ (g·(V − d) + s·d) = 6 ÷ 32.
        new ProfitAssumptions().BreakEven.ShouldBe(0.1875, 1e-12);
        new ProfitAssumptions { SaveRate = 0, OfferCost = 0 }.BreakEven.ShouldBe(double.PositiveInfinity);
        Plan(Everybody, ("pays", 0.1876), ("does not", 0.1874)).Targets.Select(one => one.CustomerId).ShouldBe(["pays"]);
    }

    [Fact]
    public void The_list_goes_by_falling_profit_whatever_the_order_of_the_candidates()
    {
        (string, double)[] candidates = [("b", 0.5), ("c", 0.9), ("a", 0.5), ("d", 0.1)];
        RetentionPlan plan = Plan(Everybody, candidates);

        plan.Targets.Select(target => (target.Rank, target.CustomerId)).ShouldBe([(1, "c"), (2, "a"), (3, "b")]);
        Plan(Everybody, [.. candidates.Reverse()]).Targets.ShouldBe(plan.Targets);
        plan.ExpectedProfit.ShouldBe(plan.Targets.Sum(target => target.ExpectedProfit), 1e-9);
    }

    [Fact]
    public void A_value_of_ones_own_counts_before_the_assumed_one()
    {
        RetentionCandidate[] candidates = [new("poor", 0.9, 12, null), new("rich", 0.3, 5_000, null), new("unknown", 0.9, null, null)];

        RetentionPlan plan = RetentionPlan.Make("shop", candidates, Everybody);

        plan.Targets.Select(target => (target.CustomerId, target.CustomerValue)).ShouldBe([("rich", 5_000), ("unknown", 100)]);
    }

    [Fact]
    public void The_budget_ends_the_list()
    {
        // 4.2 for the first, 1 + 10 · (0.24 + 0.1) = 4.4 for the second.
        (string, double)[] candidates = [("a", 0.9), ("b", 0.8), ("c", 0.7)];
        Plan(Everybody with { Budget = 8.6 }, candidates).Targets.Count.ShouldBe(2);
        RetentionPlan cut = Plan(Everybody with { Budget = 8.5 }, candidates);
        (cut.Contacted, cut.ExpectedCost).ShouldBe((1, 4.2));
    }

    [Fact]
    public void The_list_ends_when_it_is_full_those_held_out_included()
    {
        (string, double)[] candidates = [.. Enumerable.Range(0, 1000).Select(i => ($"c{i:000}", 0.9))];
        RetentionPlan plan = Plan(new RetentionSettings { HoldoutShare = 0.3, MostTargets = 100 }, candidates);
        plan.Targets.Select(target => target.CustomerId).ShouldBe(Enumerable.Range(0, 100).Select(i => $"c{i:000}"));
        plan.HeldOut.ShouldBeInRange(1, 99);
        (Everybody with { MostTargets = 0 }).Problem().ShouldBe("mostTargets is 0; allowed: 0 for no limit, or more");
    }

    [Fact]
    public void Held_out_customers_cost_nothing_and_are_the_same_on_every_list()
    {
        (string, double)[] candidates = [.. Enumerable.Range(0, 10_000).Select(i => ($"c{i}", 0.5 + (i % 50 / 100.0)))];
        var settings = new RetentionSettings { HoldoutShare = 0.2, Budget = 20_000 };
        RetentionPlan plan = Plan(settings, candidates);

        ((double)plan.HeldOut / plan.Targets.Count).ShouldBe(0.2, 0.02);
        plan.ExpectedCost.ShouldBe(plan.Targets.Where(target => !target.IsHeldOut).Sum(target => target.ExpectedCost), 1e-6);
        plan.ExpectedCost.ShouldBeLessThanOrEqualTo(20_000);
        // Drawn at random: those held out are no other customers than the rest.
        plan.Targets.Where(target => target.IsHeldOut).Average(target => target.ChurnProbability).ShouldBe(plan.Targets.Average(target => target.ChurnProbability), 0.01);

        string[] held = [.. plan.Targets.Where(target => target.IsHeldOut).Select(target => target.CustomerId)];
        RetentionPlan later = Plan(settings with { Budget = null }, [.. candidates.Select(one => (one.Item1, 0.6))]);
        later.Targets.Where(target => target.IsHeldOut).Select(target => target.CustomerId).Intersect(held).Count().ShouldBe(held.Length);
        Plan(settings with { Seed = 7 }, candidates).Targets.Where(target => target.IsHeldOut).Select(target => target.CustomerId).Intersect(held).Count().ShouldBeLessThan(held.Length / 2);
    }

    private static RetentionPlan Plan(RetentionSettings settings, params (string Customer, double Probability)[] candidates) =>
        RetentionPlan.Make("shop", candidates.Select(one => new RetentionCandidate(one.Customer, one.Probability, null, null)), settings);
}
