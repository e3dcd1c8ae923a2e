using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Tests.Execution;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Planning;

/// <summary>Semantics, section 10: every way to wait.</summary>
public sealed class WaitReasonsTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly WaitHolder Holder = new("other", "manual__1", "load", -1, 2);

    [Fact]
    public void A_queued_run_names_the_paused_dag_the_paused_backfill_the_cap_and_the_missing_node()
    {
        var run = Run() with { State = RunState.Queued, IsDagPaused = true, IsBackfillPaused = true, ActiveRuns = 16, LiveNodes = 0 };

        WaitReasons.OfRun(run).Select(r => r.Kind).ShouldBe([WaitKind.PausedDag, WaitKind.PausedBackfill, WaitKind.MaxActiveRuns, WaitKind.NoLiveNode]);
        WaitReasons.OfInstance(run, Instance(TaskState.None)).Select(r => r.Kind).First().ShouldBe(WaitKind.Run);
        WaitReasons.OfRun(Run()).ShouldBeEmpty();
    }

    [Fact]
    public void An_undecided_instance_names_its_unfinished_upstreams()
    {
        var reason = Only(Run(("a", TaskState.Success), ("b", TaskState.Running), ("c", TaskState.None)), Instance(TaskState.None));

        (reason.Kind, reason.Message).ShouldBe((WaitKind.Upstreams, "Waits for b."));
        reason.Tasks.ShouldBe(["b"]);
    }

    [Fact]
    public void A_queued_instance_names_the_pool_and_who_holds_it()
    {
        var run = Run() with { Running = [(new RunningInstance(9, "other", "load", "gpu", 2), Holder)] };

        var reason = Only(run, Instance(TaskState.Queued) with { Pool = "gpu", PoolSlots = 2 });

        reason.Kind.ShouldBe(WaitKind.Pool);
        reason.Message.ShouldBe("It needs 2 of the 3 slots of pool 'gpu', and 1 are open; held by other/manual__1/load.");
        reason.Holders.ShouldBe([Holder]);
    }

    [Theory]
    [InlineData("gone", 1, "There is no pool 'gone'. Make it: ./ecom pools set gone SLOTS")]
    [InlineData("gpu", 4, "It takes 4 slots and pool 'gpu' has 3.")]
    public void An_instance_that_can_never_start_says_so(string pool, int slots, string message) =>
        Only(Run(), Instance(TaskState.Queued) with { Pool = pool, PoolSlots = slots }).Message.ShouldBe(message);

    [Fact]
    public void A_queued_instance_names_every_cap_that_is_reached()
    {
        var graph = new RunGraph(DagFactory.Make(
            "a>c; b>c", new TaskSettings { MaxActiveInstances = 1, MaxActiveInstancesPerRun = 1 }, dag: new DagSettings { MaxActiveTasks = 1, MaxActiveTasksPerRun = 1 }));
        var held = new WaitHolder(graph.Dag.DagId, "run", "c", 0, 1);
        var run = Run() with { Graph = graph, Running = [(new RunningInstance(1, graph.Dag.DagId, "c", "gpu", 1), held)] };

        var reasons = WaitReasons.OfInstance(run, Instance(TaskState.Queued) with { Key = new InstanceKey("c", 1) });

        reasons.Select(r => (r.Kind, r.Limit)).ShouldBe(Enumerable.Repeat((WaitKind.Concurrency, (int?)1), 4));
        reasons.ShouldAllBe(r => r.Holders.Single() == held);
    }

    [Fact]
    public void Waits_for_time_events_people_and_the_past_say_until_when_for_what_and_for_whom()
    {
        Only(Run(), Instance(TaskState.UpForRetry) with { NotBefore = At }).ShouldBe(At, WaitKind.Retry, "Its next try is due at 2026-03-01 12:00:00 UTC.");
        Only(Run(), Instance(TaskState.UpForReschedule) with { NotBefore = At }).ShouldBe(At, WaitKind.Recheck, "Its next check is due at 2026-03-01 12:00:00 UTC.");
        Only(Run(), Instance(TaskState.Deferred) with { EventKey = "import-done" }).ShouldBe(null, WaitKind.Event, "It waits for the event 'import-done'.");
        Only(Run(), Instance(TaskState.AwaitingInput) with { Question = "Publish?", Assignees = ["ada", "bob"] })
            .ShouldBe(null, WaitKind.Approval, "Waits for an answer to 'Publish?' from ada or bob.");
        Only(Run(), Instance(TaskState.Queued) with { PastRunKey = "scheduled__1" }).ShouldBe(null, WaitKind.PastRun, "Waits for 'c' of the run before, scheduled__1.");
        Only(Run() with { LiveNodes = 0 }, Instance(TaskState.Queued)).Kind.ShouldBe(WaitKind.NoLiveNode);
        Only(Run() with { IsDagPaused = true }, Instance(TaskState.Queued)).Kind.ShouldBe(WaitKind.PausedDag);
        Only(Run(), Instance(TaskState.Queued)).Kind.ShouldBe(WaitKind.Turn);
    }

    [Theory]
    [InlineData(TaskState.Running)]
    [InlineData(TaskState.Success)]
    [InlineData(TaskState.Failed)]
    [InlineData(TaskState.Removed)]
    public void What_runs_or_has_ended_waits_for_nothing(TaskState state) => WaitReasons.OfInstance(Run(), Instance(state)).ShouldBeEmpty();

    [Fact]
    public void Every_unfinished_state_that_does_not_run_has_a_reason()
    {
        foreach (var state in Enum.GetValues<TaskState>().Where(s => !s.IsFinished() && s is not (TaskState.Running or TaskState.Restarting)))
            WaitReasons.OfInstance(Run(), Instance(state)).ShouldNotBeEmpty(state.ToWire());
    }

    private static WaitReason Only(WaitingRun run, WaitingInstance instance) => WaitReasons.OfInstance(run, instance).ShouldHaveSingleItem();

    private static WaitingInstance Instance(TaskState state) => new(new InstanceKey("c"), state, "gpu", 1, null, null, null, null, null);

    private static WaitingRun Run(params (string Task, TaskState State)[] states) => new(
        1, "run", RunState.Running, new RunGraph(DagFactory.Make("a>c; b>c")), IsDagPaused: false, IsBackfillPaused: false, ActiveRuns: 1, LiveNodes: 1,
        states.ToDictionary(s => new InstanceKey(s.Task), s => s.State), new Dictionary<string, int> { ["gpu"] = 3 }, []);
}

internal static class WaitReasonAssertions
{
    public static void ShouldBe(this WaitReason reason, DateTimeOffset? at, WaitKind kind, string message) => (reason.At, reason.Kind, reason.Message).ShouldBe((at, kind, message));
}
