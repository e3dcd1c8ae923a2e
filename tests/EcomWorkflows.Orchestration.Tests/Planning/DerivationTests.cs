using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Tests.Execution;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Planning;

public sealed class DerivationTests
{
    [Fact]
    public void Deriving_twice_changes_nothing_more() => Check.QuickThrowOnFailure(Prop.ForAll(RandomRuns(), run =>
    {
        var once = Derivation.Recompute(run.Graph, run.Facts);
        var twice = Derivation.Recompute(run.Graph, once.ToDictionary(o => o.Key, o => new InstanceFacts(o.Value.State, o.Value.IsDerived)));
        twice.ShouldBe(once, ignoreOrder: true);
    }));

    [Fact]
    public void What_an_attempt_set_is_kept() => Check.QuickThrowOnFailure(Prop.ForAll(RandomRuns(), run =>
    {
        var derived = Derivation.Recompute(run.Graph, run.Facts);
        foreach (var (task, facts) in run.Facts.Where(f => !f.Value.IsDerived && f.Value.State != TaskState.None))
            derived[task].State.ShouldBe(facts.State);
    }));

    [Fact]
    public void A_failed_upstream_reaches_all_descendants_that_need_success()
    {
        var graph = new RunGraph(DagFactory.Make("a>b; b>c; c>d"));
        var facts = graph.TopologicalOrder.ToDictionary(t => new InstanceKey(t), t => new InstanceFacts(t == "a" ? TaskState.Failed : TaskState.None, false));

        Derivation.Recompute(graph, facts)[new InstanceKey("d")].State.ShouldBe(TaskState.UpstreamFailed);
    }

    private static Arbitrary<(RunGraph Graph, Dictionary<InstanceKey, InstanceFacts> Facts)> RandomRuns()
    {
        var states = Gen.Elements(TaskState.None, TaskState.Success, TaskState.Failed, TaskState.Skipped, TaskState.UpstreamFailed, TaskState.Running);
        return (from size in Gen.Choose(1, 12)
                from edges in Gen.Choose(0, 99).ArrayOf(size * size)
                from instance in states.Zip(Gen.Elements(true, false)).ArrayOf(size)
                let text = string.Join(";", from i in Enumerable.Range(0, size)
                                            from j in Enumerable.Range(i + 1, size - i - 1)
                                            where edges[(i * size) + j] < 30
                                            select $"t{i}>t{j}")
                let all = string.Join(";", Enumerable.Range(0, size).Select(i => $"t{i}"))
                let graph = new RunGraph(DagFactory.Make($"{all};{text}"))
                let facts = graph.TopologicalOrder.Select((t, i) => (t, i)).ToDictionary(
                    p => new InstanceKey(p.t),
                    p => new InstanceFacts(instance[p.i].Item1, instance[p.i].Item1 is TaskState.Skipped or TaskState.UpstreamFailed && instance[p.i].Item2))
                select (graph, facts)).ToArbitrary();
    }
}
