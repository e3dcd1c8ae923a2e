using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Testing;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Execution;

/// <summary>The properties of semantics, section 5, over random DAGs, outcomes and selections, through the real storage.</summary>
public sealed class When_random_runs_are_cleared(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Clears_keep_what_is_outside_heal_what_follows_and_never_shrink_the_history()
    {
        var scripts = new Scripts();
        var failing = new HashSet<string>();
        await using var node = await TestOrchestrator.CreateAsync(postgres, scripts, o => o with { Slots = 8 });
        await node.StartAsync();

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(15), Prop.ForAll(Cases(), one => CheckAsync(node, scripts, failing, one).GetAwaiter().GetResult()));
    }

    private static async Task CheckAsync(TestOrchestrator node, Scripts scripts, HashSet<string> failing, Case one)
    {
        foreach (var task in one.Graph.TopologicalOrder)
        {
            scripts.ByTask[task] = (context, _) => failing.Contains(context.Attempt.TaskId)
                ? throw new TaskFailedException("told to", FailureCause.UserError, retryable: false)
                : Task.FromResult<TaskResult<ScriptedOutputs>>(new ScriptedOutputs($"{context.Attempt.TryNumber}"));
        }
        failing.Clear();
        failing.UnionWith(one.Failing);
        var run = await node.RunAsync(one.Graph.Dag);
        var before = await SnapshotAsync(node, run);
        var reruns = node.Get<RerunStore>();
        failing.Clear();
        failing.UnionWith(one.FailingAfter);
        // Nothing may run between the two clears.
        await node.Get<DagStore>().SetPausedAsync(one.Graph.Dag.DagId, paused: true, "test", None);

        var first = await reruns.ClearAsync(run, one.Selection, dryRun: false, "test", None);
        var cleared = await SnapshotAsync(node, run);
        await reruns.ClearAsync(run, one.Selection with { OnlyFailed = false, TaskIds = first.Cleared.Count > 0 ? first.Cleared : [], Downstream = false, Upstream = false }, dryRun: false, "test", None);
        (await SnapshotAsync(node, run)).Select(i => (i.TaskId, i.State, i.TryNumber)).ShouldBe(cleared.Select(i => (i.TaskId, i.State, i.TryNumber)), "clear after clear");

        var touched = first.Cleared.Concat(first.Rederived).ToHashSet();
        foreach (var (was, now) in before.Zip(cleared).Where(p => !touched.Contains(p.First.TaskId)))
            (now.State, now.Outputs, now.TryNumber).ShouldBe((was.State, was.Outputs, was.TryNumber), $"{was.TaskId} is outside the selection");
        await node.Get<DagStore>().SetPausedAsync(one.Graph.Dag.DagId, paused: false, "test", None);
        await node.Get<RunStore>().StartWaitingAsync("test", None);
        var end = await node.WaitAsync(run, r => r.State is "success" or "failed");

        var after = await SnapshotAsync(node, run);
        var facts = one.Graph.TopologicalOrder.ToDictionary(
            t => new InstanceKey(t),
            t => before.Single(b => b.TaskId == t) is { State: "success" or "failed" } was && !touched.Contains(t)
                ? new InstanceFacts(StateNames.Parse<TaskState>(was.State), false)
                : new InstanceFacts(TaskState.None, false));
        Fresh(one.Graph, facts, one.FailingAfter).ShouldBe(after.ToDictionary(a => a.TaskId, a => a.State), ignoreOrder: true);
        RunStateRule.Decide(one.Graph, [.. after.Select(a => (a.TaskId, StateNames.Parse<TaskState>(a.State)))]).ToWire().ShouldBe(end.State);
        foreach (var (was, now) in before.Zip(after))
            now.Tries.Take(was.Tries.Count).ShouldBe(was.Tries, $"the history of {was.TaskId}");
    }

    /// <summary>The states of a fresh run with the same results, task after task.</summary>
    private static Dictionary<string, string> Fresh(RunGraph graph, Dictionary<InstanceKey, InstanceFacts> facts, IReadOnlyCollection<string> failing)
    {
        while (true)
        {
            var derived = Derivation.Recompute(graph, facts);
            var next = derived.FirstOrDefault(d => d.Value.Runs).Key;
            if (next.TaskId is null)
                return derived.ToDictionary(d => d.Key.TaskId, d => d.Value.State.ToWire());
            facts[next] = new InstanceFacts(failing.Contains(next.TaskId) ? TaskState.Failed : TaskState.Success, false);
        }
    }

    private static async Task<List<Snapshot>> SnapshotAsync(TestOrchestrator node, long run)
    {
        var attempts = (await node.Runs.AttemptsAsync(run, null, None)).ToLookup(a => a.TaskId, a => (a.AttemptId, a.TryNumber, a.State, a.Outputs));
        return [.. (await node.Runs.TaskInstancesAsync(run, None)).Select(i => new Snapshot(i.TaskId, i.State, i.Outputs, i.TryNumber, [.. attempts[i.TaskId]]))];
    }

    private static Arbitrary<Case> Cases() =>
        (from size in Gen.Choose(1, 8)
         from edges in Gen.Choose(0, 99).ArrayOf(size * size)
         from rules in Gen.Elements(TriggerRule.AllSuccess, TriggerRule.AllSuccess, TriggerRule.AllDone, TriggerRule.OneFailed, TriggerRule.NoneFailed, TriggerRule.OneSuccess).ArrayOf(size)
         from failing in Gen.Choose(0, 99).ArrayOf(size)
         from failingAfter in Gen.Choose(0, 99).ArrayOf(size)
         from named in Gen.Choose(0, size - 1).ListOf()
         from onlyFailed in Gen.Elements(true, false)
         from downstream in Gen.Elements(true, false)
         from upstream in Gen.Elements(true, false)
         let text = string.Join(";", from i in Enumerable.Range(0, size)
                                     from j in Enumerable.Range(i + 1, size - i - 1)
                                     where edges[(i * size) + j] < 35
                                     select $"t{i}>t{j}")
         let all = string.Join(";", Enumerable.Range(0, size).Select(i => $"t{i}"))
         let graph = new RunGraph(DagFactory.Make($"{all};{text}", of: t => new TaskSettings { TriggerRule = rules[int.Parse(t[1..])] }))
         let selection = new ClearSelection(named.Count > 0 ? [.. named.Select(n => $"t{n}").Distinct()] : null, onlyFailed, downstream, upstream)
         select new Case(graph, [.. Enumerable.Range(0, size).Where(i => failing[i] < 30).Select(i => $"t{i}")], [.. Enumerable.Range(0, size).Where(i => failingAfter[i] < 15).Select(i => $"t{i}")], selection))
        .ToArbitrary();

    private sealed record Case(RunGraph Graph, IReadOnlyList<string> Failing, IReadOnlyList<string> FailingAfter, ClearSelection Selection)
    {
        public override string ToString() => $"{string.Join(" ", Graph.Dag.Edges.Select(e => $"{e.From}>{e.To}"))} failing {string.Join(",", Failing)} then {string.Join(",", FailingAfter)}; {Selection}";
    }

    private sealed record Snapshot(string TaskId, string State, string? Outputs, int TryNumber, IReadOnlyList<(long AttemptId, int TryNumber, string State, string? Outputs)> Tries);
}
