using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Planning;

/// <summary>Upstreams, setups and gates end in any order: what is decided about the instance must not depend on it.</summary>
public sealed class ReadinessTests
{
    private static readonly TaskState[] FinalStates = [TaskState.Success, TaskState.Skipped, TaskState.Failed, TaskState.UpstreamFailed, TaskState.Removed];

    [Fact]
    public void The_order_of_arrival_does_not_matter() => Prop.ForAll(Situations(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (given, seed) =>
        Decide(given, seed).ShouldBe(Decide(given, seed / 7))).QuickCheckThrowOnFailure();

    [Fact]
    public void Everything_known_is_decided() => Prop.ForAll(Situations(), given => Decide(given, 1).ShouldNotBe(TriggerDecision.Wait)).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(TriggerRule.AllSuccess, 1, 0, 0, 0, TriggerDecision.Wait)]
    [InlineData(TriggerRule.AllSuccess, 0, 1, 1, 0, TriggerDecision.FailUpstream)]
    [InlineData(TriggerRule.Always, 0, 1, 1, 0, TriggerDecision.FailUpstream)]
    [InlineData(TriggerRule.OneSuccess, 0, 1, 0, 1, TriggerDecision.Skip)]
    [InlineData(TriggerRule.OneSuccess, 0, 1, 0, 0, TriggerDecision.Wait)]
    public void Gates_come_first_and_setups_before_the_rule(TriggerRule rule, int gates, int setups, int failed, int skipped, TriggerDecision expected) =>
        Readiness.Decide(rule, new UpstreamCounts(2, 1, 0, 1, 0, 0) { OpenGates = gates, Setups = new SetupCounts(setups, 0, skipped, failed, 0) }).ShouldBe(expected);

    [Theory]
    [InlineData(TriggerRule.AllDone, 2, 2, 2, TriggerDecision.Bypass)]
    [InlineData(TriggerRule.AllDone, 2, 1, 1, TriggerDecision.Wait)]
    [InlineData(TriggerRule.NoneSkipped, 2, 1, 1, TriggerDecision.Wait)]
    [InlineData(TriggerRule.NoneSkipped, 2, 2, 1, TriggerDecision.Skip)]
    [InlineData(TriggerRule.Always, 2, 2, 2, TriggerDecision.Run)]
    public void What_can_be_reached_only_past_a_branch_is_skipped(TriggerRule rule, int total, int skipped, int bypassed, TriggerDecision expected) =>
        Readiness.Decide(rule, new UpstreamCounts(total, 0, skipped, 0, 0, 0) { Bypassed = bypassed }).ShouldBe(expected);

    /// <summary>The first decision made while everything arrives one by one.</summary>
    private static TriggerDecision Decide(Situation given, int seed)
    {
        var random = new Random(seed);
        var counts = new UpstreamCounts(given.Upstreams.Count, 0, 0, 0, 0, 0) { OpenGates = given.Gates, Setups = new SetupCounts(given.Setups.Count, 0, 0, 0, 0) };
        var arrivals = given.Upstreams.Select(u => (Func<UpstreamCounts, UpstreamCounts>)(c => c.With(u.State, u.State == TaskState.Skipped && u.Bypassed)))
            .Concat(given.Setups.Select(s => (Func<UpstreamCounts, UpstreamCounts>)(c => c with { Setups = c.Setups.With(s) })))
            .Concat(Enumerable.Repeat<Func<UpstreamCounts, UpstreamCounts>>(c => c with { OpenGates = c.OpenGates - 1 }, given.Gates))
            .OrderBy(_ => random.Next()).ToList();
        var decided = Readiness.Decide(given.Rule, counts);
        foreach (var arrival in arrivals)
        {
            if (decided != TriggerDecision.Wait)
                break;
            counts = arrival(counts);
            decided = Readiness.Decide(given.Rule, counts);
        }
        return decided;
    }

    private static Arbitrary<Situation> Situations() =>
        (from rule in Gen.Elements(Enum.GetValues<TriggerRule>().Where(r => r != TriggerRule.AllDoneSetupSuccess).ToArray())
         from upstreams in Gen.Elements(FinalStates).Zip(Gen.Elements(true, false)).ListOf()
         from setups in Gen.Elements(FinalStates).ListOf()
         from gates in Gen.Choose(0, 2)
         select new Situation(rule, [.. upstreams.Select(u => (u.Item1, u.Item2))], [.. setups], gates)).ToArbitrary();

    private sealed record Situation(TriggerRule Rule, IReadOnlyList<(TaskState State, bool Bypassed)> Upstreams, IReadOnlyList<TaskState> Setups, int Gates);
}
