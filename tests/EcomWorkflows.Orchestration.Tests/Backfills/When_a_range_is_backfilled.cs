using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tests.Execution;
using EcomWorkflows.Orchestration.Tests.Scheduling;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Backfills;

/// <summary>Section 7 of the semantics, row by row, through the real storage.</summary>
public sealed class When_a_range_is_backfilled : IAsyncLifetime
{
    private static readonly DateTimeOffset First = DateTimeOffset.Parse("2026-11-01T00:00Z");

    private SchedulingSite site = null!;

    /// <summary>The table: run at the date, behaviour, what is done, why.</summary>
    public static TheoryData<string?, ReprocessBehavior, BackfillAction, string> Table => new()
    {
        { null, ReprocessBehavior.None, BackfillAction.Create, "no run yet" },
        { null, ReprocessBehavior.Failed, BackfillAction.Create, "no run yet" },
        { null, ReprocessBehavior.Completed, BackfillAction.Create, "no run yet" },
        { "queued", ReprocessBehavior.None, BackfillAction.Skip, "in flight" },
        { "queued", ReprocessBehavior.Failed, BackfillAction.Skip, "in flight" },
        { "queued", ReprocessBehavior.Completed, BackfillAction.Skip, "in flight" },
        { "running", ReprocessBehavior.None, BackfillAction.Skip, "in flight" },
        { "running", ReprocessBehavior.Failed, BackfillAction.Skip, "in flight" },
        { "running", ReprocessBehavior.Completed, BackfillAction.Skip, "in flight" },
        { "failed", ReprocessBehavior.None, BackfillAction.Skip, "exists" },
        { "failed", ReprocessBehavior.Failed, BackfillAction.Reprocess, "failed" },
        { "failed", ReprocessBehavior.Completed, BackfillAction.Reprocess, "failed" },
        { "success", ReprocessBehavior.None, BackfillAction.Skip, "exists" },
        { "success", ReprocessBehavior.Failed, BackfillAction.Skip, "exists" },
        { "success", ReprocessBehavior.Completed, BackfillAction.Reprocess, "success" },
    };

    private BackfillStore Backfills => site.Get<BackfillStore>();

    private BackfillReader Reader => site.Get<BackfillReader>();

    public async Task InitializeAsync() => site = await SchedulingSite.CreateAsync("2026-11-21T10:00Z");

    public async Task DisposeAsync() => await site.DisposeAsync();

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Every_row_of_the_table_is_planned_and_done(string? existing, ReprocessBehavior reprocess, BackfillAction action, string reason)
    {
        var dag = await site.ImportAsync(new DagSettings { Schedule = ["@daily"] });
        long? runId = null;
        if (existing is not null)
        {
            runId = (await site.Get<RunStore>().CreateAsync(new RunRequest(dag.DagId, "scheduled", First, First, First.AddDays(1), null, "test"), CancellationToken.None)).RunId;
            await SetStateAsync(runId.Value, existing);
        }
        var request = new BackfillRequest(dag.DagId, First, First, Reprocess: reprocess);

        (await Backfills.PlanAsync(request, CancellationToken.None)).ShouldHaveSingleItem().ShouldBe(new BackfillDate(new DataInterval(First, First.AddDays(1)), action, reason, runId));
        (await site.RunsAsync(dag.DagId)).Count.ShouldBe(existing is null ? 0 : 1, "a dry run changes nothing");

        var backfillId = await Backfills.CreateAsync(request, "test", CancellationToken.None);
        await AdvanceAsync();

        var date = (await Reader.DatesAsync(backfillId, CancellationToken.None)).ShouldHaveSingleItem();
        (date.Action, date.Reason).ShouldBe((action.ToWire(), reason));
        date.State.ShouldBe(action == BackfillAction.Skip ? "skipped" : "started");
        var run = (await site.RunsAsync(dag.DagId)).ShouldHaveSingleItem();
        run.RunType.ShouldBe(existing is null ? "backfill" : "scheduled");
        run.ClearNumber.ShouldBe(action == BackfillAction.Reprocess ? 1 : 0);
        run.State.ShouldBe(action == BackfillAction.Skip ? existing : "running");
    }

    [Fact]
    public async Task It_keeps_to_its_own_active_runs_and_goes_oldest_first()
    {
        var dag = await site.ImportAsync(new DagSettings { Schedule = ["@daily"], MaxActiveRuns = 1 });
        var backfillId = await Backfills.CreateAsync(new BackfillRequest(dag.DagId, First, First.AddDays(4), MaxActiveRuns: 2), "test", CancellationToken.None);

        (await AdvanceAsync()).ShouldBe(2);
        (await AdvanceAsync()).ShouldBe(0);
        (await site.DatesAsync(dag.DagId)).ShouldBe(["2026-11-01 00:00", "2026-11-02 00:00"]);
        (await site.RunsAsync(dag.DagId)).ShouldAllBe(r => r.State == "running");
        await site.Get<ManualRuns>().TriggerAsync(dag.DagId, null, null, "test", CancellationToken.None);
        (await site.RunsAsync(dag.DagId)).Single(r => r.RunType == "manual").State.ShouldBe("running", "the DAG's own limit does not count the backfill's runs");

        while (await Reader.GetAsync(backfillId, CancellationToken.None) is { State: "running" })
        {
            await site.EndRunsAsync(dag.DagId);
            await AdvanceAsync();
        }
        var ended = await Reader.GetAsync(backfillId, CancellationToken.None);
        (ended.State, ended.Dates, ended.Succeeded, ended.Waiting).ShouldBe(("completed", 5, 5, 0));
    }

    [Fact]
    public async Task Reversed_it_goes_newest_first()
    {
        var dag = await site.ImportAsync(new DagSettings { Schedule = ["@daily"] });
        await Backfills.CreateAsync(new BackfillRequest(dag.DagId, First, First.AddDays(9), RunBackwards: true, MaxActiveRuns: 2), "test", CancellationToken.None);

        await AdvanceAsync();

        (await site.DatesAsync(dag.DagId)).ShouldBe(["2026-11-09 00:00", "2026-11-10 00:00"]);
    }

    [Theory]
    [InlineData(false, new[] { 1, 2, 3, 4 })]
    [InlineData(true, new[] { 4, 3, 2, 1 })]
    public async Task Dates_that_are_created_and_dates_that_run_again_go_in_one_order(bool backwards, int[] days)
    {
        var dag = await site.ImportAsync(new DagSettings { Schedule = ["@daily"] });
        foreach (var day in new[] { First.AddDays(1), First.AddDays(2) })
            await site.Get<RunStore>().CreateAsync(new RunRequest(dag.DagId, "scheduled", day, day, day.AddDays(1), null, "test"), CancellationToken.None);
        await site.EndRunsAsync(dag.DagId);
        await Backfills.CreateAsync(
            new BackfillRequest(dag.DagId, First, First.AddDays(3), Reprocess: ReprocessBehavior.Completed, RunBackwards: backwards), "test", CancellationToken.None);

        (await AdvanceAsync()).ShouldBe(4, "not one is left for the next look");

        var runs = (await site.RunsAsync(dag.DagId)).ToDictionary(r => r.RunId, r => r.LogicalDate.Day);
        (await site.Get<EventLog>().ListAsync(dag.DagId, null, null, 1000, null, CancellationToken.None)).Reverse()
            .Where(e => e is { Kind: "run_state", StateAfter: "queued", Actor: not "test" }).Select(e => runs[e.RunId!.Value]).ShouldBe(days);
    }

    [Fact]
    public async Task The_limit_holds_for_created_dates_and_those_that_run_again_together()
    {
        var dag = await site.ImportAsync(new DagSettings { Schedule = ["@daily"] });
        await site.Get<RunStore>().CreateAsync(new RunRequest(dag.DagId, "scheduled", First.AddDays(1), First.AddDays(1), First.AddDays(2), null, "test"), CancellationToken.None);
        await site.EndRunsAsync(dag.DagId);
        await Backfills.CreateAsync(new BackfillRequest(dag.DagId, First, First.AddDays(3), Reprocess: ReprocessBehavior.Completed, MaxActiveRuns: 2), "test", CancellationToken.None);

        (await AdvanceAsync()).ShouldBe(2);

        (await site.DatesAsync(dag.DagId)).ShouldBe(["2026-11-01 00:00", "2026-11-02 00:00"]);
        (await site.RunsAsync(dag.DagId)).ShouldAllBe(r => r.State == "running");
    }

    [Fact]
    public async Task Only_complete_intervals_are_filled()
    {
        var dag = await site.ImportAsync(new DagSettings { Schedule = ["@daily"] });

        var plan = await Backfills.PlanAsync(new BackfillRequest(dag.DagId, DateTimeOffset.Parse("2026-11-19T00:00Z"), DateTimeOffset.Parse("2026-12-31T00:00Z")), CancellationToken.None);

        plan.Select(p => p.Slot.Start.Day).ShouldBe([19, 20], "the interval of the 21st ends tomorrow");
    }

    [Fact]
    public async Task Reprocessing_runs_with_the_new_parameters_and_keeps_the_others()
    {
        var dag = await site.ImportAsync(
            new DagSettings { Schedule = ["@daily"] }, parameters: [new DagParam("source", "string", null, JsonValue.Create("shop")), new DagParam("full", "boolean", null, JsonValue.Create(false))]);
        var first = await Backfills.CreateAsync(new BackfillRequest(dag.DagId, First, First, new JsonObject { ["source"] = "retail" }), "test", CancellationToken.None);
        await AdvanceAsync();
        await site.EndRunsAsync(dag.DagId);
        await AdvanceAsync();
        (await Reader.GetAsync(first, CancellationToken.None)).State.ShouldBe("completed");

        var second = await Backfills.CreateAsync(
            new BackfillRequest(dag.DagId, First, First.AddDays(1), new JsonObject { ["full"] = true }, ReprocessBehavior.Completed), "test", CancellationToken.None);
        await AdvanceAsync();

        var runs = await site.RunsAsync(dag.DagId);
        runs.Select(r => JsonNode.Parse(r.Params)!).Select(p => ((string)p["source"]!, (bool)p["full"]!)).ShouldBe([("retail", true), ("shop", true)]);
        (await Reader.DatesAsync(second, CancellationToken.None)).Select(d => d.Action).ShouldBe(["reprocess", "create"]);
    }

    [Fact]
    public async Task A_later_backfill_of_its_dates_leaves_the_figures_of_an_earlier_one_as_they_were()
    {
        var dag = await site.ImportAsync(new DagSettings { Schedule = ["@daily"] });
        var first = await Backfills.CreateAsync(new BackfillRequest(dag.DagId, First, First.AddDays(2)), "test", CancellationToken.None);
        await EndAsync();
        var second = await Backfills.CreateAsync(new BackfillRequest(dag.DagId, First, First.AddDays(1), Reprocess: ReprocessBehavior.Completed), "test", CancellationToken.None);
        await EndAsync();

        var (earlier, later) = (await Reader.GetAsync(first, CancellationToken.None), await Reader.GetAsync(second, CancellationToken.None));
        (earlier.State, earlier.Dates, earlier.Succeeded).ShouldBe(("completed", 3, 3));
        (later.State, later.Dates, later.Succeeded).ShouldBe(("completed", 2, 2));

        async Task EndAsync()
        {
            await AdvanceAsync();
            await site.EndRunsAsync(dag.DagId);
            await AdvanceAsync();
        }
    }

    [Fact]
    public async Task A_paused_backfill_starts_nothing_more_and_goes_on_when_resumed()
    {
        var dag = await site.ImportAsync(new DagSettings { Schedule = ["@daily"] });
        var backfillId = await Backfills.CreateAsync(new BackfillRequest(dag.DagId, First, First.AddDays(3), MaxActiveRuns: 1), "test", CancellationToken.None);
        (await AdvanceAsync()).ShouldBe(1);

        (await Backfills.SetPausedAsync(backfillId, true, "test", CancellationToken.None)).ShouldBeTrue();
        (await Backfills.SetPausedAsync(backfillId, true, "test", CancellationToken.None)).ShouldBeFalse();
        await site.EndRunsAsync(dag.DagId);
        (await AdvanceAsync()).ShouldBe(0);
        (await Reader.GetAsync(backfillId, CancellationToken.None)).State.ShouldBe("paused");

        await Backfills.SetPausedAsync(backfillId, false, "test", CancellationToken.None);
        (await AdvanceAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Cancelling_releases_what_has_not_started_and_lets_the_others_end()
    {
        var dag = await site.ImportAsync(new DagSettings { Schedule = ["@daily"] });
        var backfillId = await Backfills.CreateAsync(new BackfillRequest(dag.DagId, First, First.AddDays(3), MaxActiveRuns: 2), "test", CancellationToken.None);
        await AdvanceAsync();
        var requeued = (await site.RunsAsync(dag.DagId))[1].RunId;
        await SetStateAsync(requeued, "queued");

        await Backfills.CancelAsync(backfillId, "test", CancellationToken.None);
        (await AdvanceAsync()).ShouldBe(0);

        (await Reader.GetAsync(backfillId, CancellationToken.None)).State.ShouldBe("cancelled");
        (await Reader.DatesAsync(backfillId, CancellationToken.None)).Select(d => d.State).ShouldBe(["started", "started", "released", "released"]);
        (await site.RunsAsync(dag.DagId)).Select(r => r.State).ShouldBe(["running", "failed"], "the run that only waited is cancelled, not left in the queue for ever");
        (await Should.ThrowAsync<OrchestrationException>(() => Backfills.SetPausedAsync(backfillId, true, "test", CancellationToken.None))).Message
            .ShouldContain("it can no longer be changed");
    }

    [Fact]
    public async Task A_run_that_appears_after_the_plan_is_in_flight_not_an_error()
    {
        var dag = await site.ImportAsync(new DagSettings { Schedule = ["@daily"] });
        var backfillId = await Backfills.CreateAsync(new BackfillRequest(dag.DagId, First, First), "test", CancellationToken.None);
        await site.Get<RunStore>().CreateAsync(new RunRequest(dag.DagId, "scheduled", First, First, First.AddDays(1), null, "test"), CancellationToken.None);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(AdvanceAsync)));

        var date = (await Reader.DatesAsync(backfillId, CancellationToken.None)).ShouldHaveSingleItem();
        (date.Action, date.State, date.Reason).ShouldBe(("skip", "skipped", "in flight"));
    }

    [Fact]
    public async Task Two_nodes_that_advance_a_backfill_make_each_run_once()
    {
        var dag = await site.ImportAsync(new DagSettings { Schedule = ["@daily"] });
        await Backfills.CreateAsync(new BackfillRequest(dag.DagId, First, First.AddDays(9), MaxActiveRuns: 5), "test", CancellationToken.None);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(AdvanceAsync)));

        (await site.DatesAsync(dag.DagId)).ShouldBe(Enumerable.Range(1, 5).Select(day => $"2026-11-{day:00} 00:00"));
    }

    [Fact]
    public async Task The_time_left_follows_from_the_runs_so_far()
    {
        var dag = await site.ImportAsync(new DagSettings { Schedule = ["@daily"] });
        var backfillId = await Backfills.CreateAsync(new BackfillRequest(dag.DagId, First, First.AddDays(7), MaxActiveRuns: 2), "test", CancellationToken.None);
        (await Reader.GetAsync(backfillId, CancellationToken.None)).Remaining.ShouldBeNull();
        await AdvanceAsync();
        await site.EndRunsAsync(dag.DagId);
        await site.ExecuteAsync("update orchestration.dag_run set started_at = ended_at - interval '1 minute'");

        (await Reader.GetAsync(backfillId, CancellationToken.None)).Remaining.ShouldBe(TimeSpan.FromMinutes(3), "six dates, two at a time, a minute each");
    }

    [Fact]
    public async Task A_backfill_runs_to_its_end_by_itself()
    {
        var dag = DagFactory.Make("a>b", dag: new DagSettings { Schedule = ["@daily"] });
        await site.Orchestrator.ImportAsync(dag);
        await site.Orchestrator.StartAsync();
        var backfillId = await Backfills.CreateAsync(new BackfillRequest(dag.DagId, First, First.AddDays(5), MaxActiveRuns: 3), "test", CancellationToken.None);

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while ((await Reader.GetAsync(backfillId, patience.Token)).State != "completed")
            await Task.Delay(50, patience.Token);

        (await Reader.GetAsync(backfillId, CancellationToken.None)).Succeeded.ShouldBe(6);
    }

    [Theory]
    [InlineData("@daily", "2026-11-05", "2026-11-01", "is after its last")]
    [InlineData("@daily", "2027-01-01", "2027-01-05", "Both dates are in the future")]
    [InlineData(null, "2026-11-01", "2026-11-05", "has no periodic schedule")]
    [InlineData("@once", "2026-11-01", "2026-11-05", "has no periodic schedule")]
    [InlineData("@monthly", "2026-11-02", "2026-11-20", "no complete interval")]
    [InlineData("every 1m", "2026-11-01", "2026-11-20", "more than 10,000 dates")]
    public async Task What_makes_no_sense_is_refused(string? schedule, string from, string to, string message)
    {
        var dag = await site.ImportAsync(new DagSettings { Schedule = schedule is null ? [] : [schedule], StartDate = DateTimeOffset.Parse("2026-01-01T00:00Z") });

        (await RefusedAsync(new BackfillRequest(dag.DagId, DateTimeOffset.Parse(from + "T00:00Z"), DateTimeOffset.Parse(to + "T00:00Z")))).ShouldContain(message);
    }

    [Fact]
    public async Task A_dag_that_is_not_active_is_refused()
    {
        var dag = await site.ImportAsync(new DagSettings { Schedule = ["@daily"] });
        await site.ExecuteAsync("update orchestration.dag set is_active = false where dag_id = @DagId", dag);

        (await RefusedAsync(new BackfillRequest(dag.DagId, First, First))).ShouldContain("is not active");
    }

    [Fact]
    public async Task Newest_first_is_refused_for_a_task_that_depends_on_its_past()
    {
        var dag = await site.ImportAsync(new DagSettings { Schedule = ["@daily"] }, task: new TaskSettings { DependsOnPast = true });

        (await RefusedAsync(new BackfillRequest(dag.DagId, First, First.AddDays(1), RunBackwards: true))).ShouldContain("Task 'a' depends on its past");
    }

    [Fact]
    public async Task Parameters_limits_and_a_second_backfill_are_checked()
    {
        var dag = await site.ImportAsync(new DagSettings { Schedule = ["@daily"] });

        (await RefusedAsync(new BackfillRequest(dag.DagId, First, First, new JsonObject { ["sauce"] = 1 }))).ShouldContain("parameter 'sauce' is not declared");
        (await RefusedAsync(new BackfillRequest(dag.DagId, First, First, MaxActiveRuns: 0))).ShouldBe("max_active_runs is 0. Use 1 to 10000.");
        var running = await Backfills.CreateAsync(new BackfillRequest(dag.DagId, First, First), "test", CancellationToken.None);
        (await RefusedAsync(new BackfillRequest(dag.DagId, First, First))).ShouldBe($"DAG {dag.DagId} has a backfill that is not finished ({running}). Wait for it, or cancel it.");
        await Should.ThrowAsync<NotFoundException>(() => Backfills.CreateAsync(new BackfillRequest("nope", First, First), "test", CancellationToken.None));
        await Should.ThrowAsync<NotFoundException>(() => Backfills.CancelAsync(4711, "test", CancellationToken.None));
    }

    private async Task<string> RefusedAsync(BackfillRequest request) =>
        (await Should.ThrowAsync<OrchestrationException>(() => Backfills.CreateAsync(request, "test", CancellationToken.None))).Message;

    private Task<int> AdvanceAsync() => site.Get<BackfillRunner>().AdvanceAsync(CancellationToken.None);

    private Task SetStateAsync(long runId, string state) => site.ExecuteAsync(
        """
        update orchestration.task_instance
        set state = case @state when 'queued' then 'none' when 'running' then 'queued' else @state end
        where run_id = @runId;
        update orchestration.dag_run
        set state = @state, unfinished = case when @state in ('success', 'failed') then 0 else 1 end, ended_at = case when @state in ('success', 'failed') then now() end
        where run_id = @runId
        """,
        new { runId, state });
}
