using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Dags;

public class DagValidatorTests
{
    [Fact]
    public void A_plain_dag_has_no_problems() => DagValidator.Problems(Make(["a", "b"], [("a", "b")])).ShouldBeEmpty();

    [Fact]
    public void Each_cycle_is_named_from_its_smallest_task()
    {
        var dag = Make(["a", "b", "c", "d", "e", "f"], [("c", "a"), ("a", "b"), ("b", "c"), ("c", "d"), ("e", "f"), ("f", "e")]);

        DagValidator.Problems(dag).Select(p => p.Message).ShouldBe(
        [
            "The tasks form a cycle: a → b → c → a. Remove one of these edges.",
            "The tasks form a cycle: e → f → e. Remove one of these edges.",
        ]);
    }

    [Fact]
    public void A_chain_of_a_hundred_thousand_tasks_needs_no_deep_stack()
    {
        var edges = Enumerable.Range(0, 100_000).Select(i => ($"t{i}", $"t{i + 1}")).ToList();

        DagCycles.Find(edges).ShouldBeEmpty();
        DagCycles.Find(edges.Append(("t100000", "t0"))).ShouldHaveSingleItem().Count.ShouldBe(100_001);
    }

    [Fact]
    public void A_graph_has_a_cycle_exactly_when_it_cannot_be_sorted() =>
        Prop.ForAll(Gen.ListOf(Gen.Choose(0, 7).Two()).Select(l => l.Select(e => ($"t{e.Item1}", $"t{e.Item2}")).Where(e => e.Item1 != e.Item2).ToList()).ToArbitrary(), edges =>
        {
            var cycles = DagCycles.Find(edges);
            cycles.Count.ShouldBe(CanBeSorted(edges) ? 0 : Math.Max(1, cycles.Count));
            foreach (var cycle in cycles)
                cycle.Zip(cycle.Skip(1).Append(cycle[0])).ShouldAllBe(step => edges.Contains(ValueTuple.Create(step.First, step.Second)));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("0 3 * * *", true)]
    [InlineData("*/15 * * * 1-5", true)]
    [InlineData("0 0 3 * * ?", true)]
    [InlineData("0 0 3 ? * MON 2027", true)]
    [InlineData("@daily", true)]
    [InlineData("@quarterly", true)]
    [InlineData("@sometimes", false)]
    [InlineData("0 25 * * *", false)]
    [InlineData("0 3 * *", false)]
    [InlineData("0 3 * * * * * *", false)]
    public void Both_cron_dialects_and_presets_are_schedules(string schedule, bool valid)
    {
        var dag = Make(["a"], []);

        DagValidator.Problems(dag with { Settings = new DagSettings { Schedule = [schedule] } }).Count.ShouldBe(valid ? 0 : 1);
    }

    [Fact]
    public void Settings_out_of_range_are_all_named()
    {
        var dag = Make(["a"], []);
        var settings = new TaskSettings
        {
            Retries = -1, RetryDelay = TimeSpan.FromDays(8), RetryFactor = double.NaN, MaxRetryDelay = TimeSpan.Zero, InfraRetries = 1001, Timeout = TimeSpan.Zero,
            TriggerRule = (TriggerRule)99, Pool = "a b", PoolSlots = 0, MemoryLimitMegabytes = 1, Isolation = TaskIsolation.Process,
        };
        dag = dag with
        {
            Tasks = [dag.Tasks[0] with { Settings = settings }],
            Settings = new DagSettings { MaxActiveRuns = 0, MaxActiveTasks = 0, RunTimeout = TimeSpan.Zero },
        };

        DagValidator.Problems(dag).Select(p => p.Place).ShouldBe(
            [
                "root.maxActiveRuns", "root.maxActiveTasks", "root.runTimeoutSeconds", "task 'a'.retries", "task 'a'.retryDelaySeconds", "task 'a'.retryFactor",
                "task 'a'.maxRetryDelaySeconds", "task 'a'.infraRetries", "task 'a'.timeoutSeconds", "task 'a'.triggerRule", "task 'a'.pool", "task 'a'.poolSlots",
                "task 'a'.memoryLimitMegabytes",
            ]);
    }

    private static bool CanBeSorted(List<(string From, string To)> edges)
    {
        var open = edges.SelectMany(e => new[] { e.From, e.To }).Distinct().ToHashSet();
        while (open.FirstOrDefault(t => edges.All(e => e.To != t || !open.Contains(e.From))) is { } next)
            open.Remove(next);
        return open.Count == 0;
    }

    private static Dag Make(string[] tasks, (string From, string To)[] edges) => new(
        "d", "d", null, new DagSettings(), [], [.. tasks.Select(t => new DagTask(t, "Test.Copy", t, new JsonObject(), new TaskSettings()))],
        [.. edges.Select(e => new DagEdge(e.From, e.To))]);
}
