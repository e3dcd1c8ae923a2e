using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Planning;

public sealed class TriggerRulesTests
{
    private static readonly TaskState[] FinalStates =
        [TaskState.Success, TaskState.Skipped, TaskState.Failed, TaskState.UpstreamFailed, TaskState.Removed];

    [Theory]
    [InlineData(TriggerRule.AllSuccess, "ss", TriggerDecision.Run)]
    [InlineData(TriggerRule.AllSuccess, "s.", TriggerDecision.Wait)]
    [InlineData(TriggerRule.AllSuccess, "f.", TriggerDecision.FailUpstream)]
    [InlineData(TriggerRule.AllSuccess, "k.", TriggerDecision.Wait)]
    [InlineData(TriggerRule.AllSuccess, "ks", TriggerDecision.Skip)]
    [InlineData(TriggerRule.AllSuccess, "kf", TriggerDecision.FailUpstream)]
    [InlineData(TriggerRule.AllFailed, "ff", TriggerDecision.Run)]
    [InlineData(TriggerRule.AllFailed, "fs", TriggerDecision.Skip)]
    [InlineData(TriggerRule.AllDone, "fk", TriggerDecision.Run)]
    [InlineData(TriggerRule.AllDone, "f.", TriggerDecision.Wait)]
    [InlineData(TriggerRule.OneSuccess, "s.", TriggerDecision.Run)]
    [InlineData(TriggerRule.OneSuccess, "kk", TriggerDecision.Skip)]
    [InlineData(TriggerRule.OneSuccess, "kf", TriggerDecision.FailUpstream)]
    [InlineData(TriggerRule.OneFailed, "f.", TriggerDecision.Run)]
    [InlineData(TriggerRule.OneFailed, "sk", TriggerDecision.Skip)]
    [InlineData(TriggerRule.OneDone, "f.", TriggerDecision.Run)]
    [InlineData(TriggerRule.OneDone, "ku", TriggerDecision.Skip)]
    [InlineData(TriggerRule.NoneFailed, "sk", TriggerDecision.Run)]
    [InlineData(TriggerRule.NoneFailed, "u.", TriggerDecision.FailUpstream)]
    [InlineData(TriggerRule.NoneFailedMinOneSuccess, "sk", TriggerDecision.Run)]
    [InlineData(TriggerRule.NoneFailedMinOneSuccess, "kk", TriggerDecision.Skip)]
    [InlineData(TriggerRule.NoneSkipped, "k.", TriggerDecision.Skip)]
    [InlineData(TriggerRule.NoneSkipped, "sf", TriggerDecision.Run)]
    [InlineData(TriggerRule.AllSkipped, "kk", TriggerDecision.Run)]
    [InlineData(TriggerRule.AllSkipped, "s.", TriggerDecision.Skip)]
    [InlineData(TriggerRule.AllDoneMinOneSuccess, "sf", TriggerDecision.Run)]
    [InlineData(TriggerRule.AllDoneMinOneSuccess, "sk", TriggerDecision.Skip)]
    [InlineData(TriggerRule.AllDoneMinOneSuccess, "ff", TriggerDecision.FailUpstream)]
    [InlineData(TriggerRule.Always, "..", TriggerDecision.Run)]
    public void A_rule_decides_as_the_table_says(TriggerRule rule, string upstreams, TriggerDecision expected) =>
        TriggerRules.Decide(rule, Count(upstreams)).ShouldBe(expected);

    [Fact]
    public void Every_rule_decides_when_all_upstreams_are_done()
    {
        foreach (var rule in Enum.GetValues<TriggerRule>())
        {
            foreach (var states in Combinations(3))
                TriggerRules.Decide(rule, Count(states)).ShouldNotBe(TriggerDecision.Wait, $"{rule} of {string.Join(",", states)}");
        }
    }

    [Fact]
    public void More_information_never_undecides() => Check.QuickThrowOnFailure(Prop.ForAll(
        (from rule in Gen.Elements(Enum.GetValues<TriggerRule>())
         from states in Gen.Elements(FinalStates).NonEmptyListOf()
         select (Rule: rule, States: states.ToList())).ToArbitrary(),
        given =>
        {
            var counts = new UpstreamCounts(given.States.Count, 0, 0, 0, 0, 0);
            var decided = TriggerRules.Decide(given.Rule, counts);
            foreach (var state in given.States)
            {
                counts = counts.With(state);
                var next = TriggerRules.Decide(given.Rule, counts);
                if (decided == TriggerDecision.Run && given.Rule is TriggerRule.OneSuccess or TriggerRule.OneFailed or TriggerRule.OneDone)
                    next.ShouldBe(TriggerDecision.Run);
                if (decided != TriggerDecision.Wait)
                    next.ShouldNotBe(TriggerDecision.Wait);
                decided = next;
            }
        }));

    private static IEnumerable<TaskState[]> Combinations(int length) => length == 0
        ? [[]]
        : Combinations(length - 1).SelectMany(rest => FinalStates.Select(s => (TaskState[])[.. rest, s]));

    private static UpstreamCounts Count(IReadOnlyCollection<TaskState> states) =>
        states.Aggregate(new UpstreamCounts(states.Count, 0, 0, 0, 0, 0), (counts, state) => counts.With(state));

    private static UpstreamCounts Count(string states) => states
        .Select(s => s switch
        {
            's' => TaskState.Success,
            'k' => TaskState.Skipped,
            'f' => TaskState.Failed,
            'u' => TaskState.UpstreamFailed,
            'r' => TaskState.Removed,
            _ => TaskState.None,
        })
        .Aggregate(new UpstreamCounts(states.Length, 0, 0, 0, 0, 0), (counts, state) => counts.With(state));
}
