using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Scheduling;

/// <summary>Section 6 of the semantics, row by row, through the real storage.</summary>
public sealed class When_runs_fall_due : IAsyncLifetime
{
    private SchedulingSite site = null!;

    public async Task InitializeAsync() => site = await SchedulingSite.CreateAsync("2026-11-21T10:00Z");

    public async Task DisposeAsync() => await site.DisposeAsync();

    [Fact]
    public async Task An_interval_run_covers_start_to_end_and_is_created_at_its_end()
    {
        var dag = await site.ImportAsync(new DagSettings { Schedule = ["0 6 * * *"], StartDate = DateTimeOffset.Parse("2026-11-21T07:00Z"), Catchup = true });

        (await site.TickAtAsync("2026-11-23T05:59:59Z")).ShouldBe(0, "the first interval aligns after the start date: it starts on the 22nd");
        (await site.TickAtAsync("2026-11-23T06:00Z")).ShouldBe(1);

        var run = (await site.RunsAsync(dag.DagId)).ShouldHaveSingleItem();
        run.RunType.ShouldBe("scheduled");
        run.LogicalDate.ShouldBe(DateTimeOffset.Parse("2026-11-22T06:00Z"));
        run.DataIntervalStart.ShouldBe(run.LogicalDate);
        run.DataIntervalEnd.ShouldBe(DateTimeOffset.Parse("2026-11-23T06:00Z"));
    }

    [Fact]
    public async Task A_point_run_has_the_fire_time_as_logical_date_and_an_empty_interval()
    {
        var dag = await site.ImportAsync(new DagSettings { Schedule = ["0 6 * * *"], ScheduleKind = ScheduleKind.Point, StartDate = DateTimeOffset.Parse("2026-11-22T00:00Z") });

        (await site.TickAtAsync("2026-11-22T06:00Z")).ShouldBe(1);

        var run = (await site.RunsAsync(dag.DagId)).ShouldHaveSingleItem();
        run.LogicalDate.ShouldBe(DateTimeOffset.Parse("2026-11-22T06:00Z"));
        run.DataIntervalStart.ShouldBe(run.DataIntervalEnd);
    }

    [Fact]
    public async Task A_dag_started_a_year_late_catches_up_with_every_interval_oldest_first_within_its_active_runs()
    {
        var dag = await site.ImportAsync(new DagSettings { Schedule = ["@daily"], StartDate = DateTimeOffset.Parse("2025-11-21T00:00Z"), Catchup = true, MaxActiveRuns = 16 });

        (await site.TickAsync()).ShouldBe(16, "creation waits for max_active_runs");
        (await site.TickAsync()).ShouldBe(0);
        (await site.DatesAsync(dag.DagId)).First().ShouldBe("2025-11-21 00:00");
        while (await site.TickAsync() is var created && (created > 0 || await HasActiveAsync(dag.DagId)))
            await site.EndRunsAsync(dag.DagId);

        (await site.DatesAsync(dag.DagId)).ShouldBe(
            Enumerable.Range(0, 365).Select(day => DateTimeOffset.Parse("2025-11-21T00:00Z").AddDays(day).ToString("yyyy-MM-dd HH:mm")));
        (await site.RunsAsync(dag.DagId)).Select(r => r.RunId).ShouldBeInOrder();
    }

    [Fact]
    public async Task A_dag_started_a_year_late_without_catch_up_runs_only_the_latest_interval()
    {
        var dag = await site.ImportAsync(new DagSettings { Schedule = ["@daily"], StartDate = DateTimeOffset.Parse("2025-11-21T00:00Z") });

        (await site.TickAsync()).ShouldBe(1);
        (await site.TickAsync()).ShouldBe(0);

        (await site.DatesAsync(dag.DagId)).ShouldBe(["2026-11-20 00:00"]);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 5)]
    public async Task On_unpause_the_latest_missed_interval_runs_once_and_with_catch_up_all(bool catchup, int runs)
    {
        var dag = await site.ImportAsync(new DagSettings { Schedule = ["@daily"], StartDate = DateTimeOffset.Parse("2026-11-21T00:00Z"), Catchup = catchup, PausedOnCreation = true });

        (await site.TickAtAsync("2026-11-26T10:00Z")).ShouldBe(0);
        await site.Get<DagStore>().SetPausedAsync(dag.DagId, false, "test", CancellationToken.None);
        (await site.TickAsync()).ShouldBe(runs);
        (await site.TickAsync()).ShouldBe(0);

        (await site.DatesAsync(dag.DagId)).Last().ShouldBe("2026-11-25 00:00");
    }

    [Fact]
    public async Task Several_crons_make_one_run_per_instant()
    {
        var dag = await site.ImportAsync(new DagSettings
        {
            Schedule = ["0 6 * * *", "0 6,18 * * *", "every 12h"], ScheduleKind = ScheduleKind.Point, Catchup = true, StartDate = DateTimeOffset.Parse("2026-11-22T06:00Z"),
        });

        await site.TickAtAsync("2026-11-23T06:00Z");

        (await site.DatesAsync(dag.DagId)).ShouldBe(["2026-11-22 06:00", "2026-11-22 18:00", "2026-11-23 06:00"]);
    }

    [Fact]
    public async Task A_manual_run_has_its_own_logical_date_and_the_last_complete_interval()
    {
        var dag = await site.ImportAsync(new DagSettings { Schedule = ["@daily"] });

        await site.Get<ManualRuns>().TriggerAsync(dag.DagId, null, null, "test", CancellationToken.None);

        var run = (await site.RunsAsync(dag.DagId)).ShouldHaveSingleItem();
        run.LogicalDate.ShouldBe(site.Time.Now);
        (run.DataIntervalStart, run.DataIntervalEnd).ShouldBe((DateTimeOffset.Parse("2026-11-20T00:00Z"), DateTimeOffset.Parse("2026-11-21T00:00Z")));
    }

    [Fact]
    public async Task Many_tickers_at_once_create_each_run_once()
    {
        var dag = await site.ImportAsync(new DagSettings { Schedule = ["@hourly"], Catchup = true, StartDate = DateTimeOffset.Parse("2026-11-21T00:00Z"), MaxActiveRuns = 100 });

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(site.TickAsync)));

        (await site.DatesAsync(dag.DagId)).ShouldBe(Enumerable.Range(0, 10).Select(hour => $"2026-11-21 {hour:00}:00"));
    }

    [Fact]
    public async Task The_database_itself_refuses_a_second_run_of_a_slot()
    {
        var dag = await site.ImportAsync(new DagSettings { Schedule = ["@daily"] });
        var at = DateTimeOffset.Parse("2026-11-20T00:00Z");
        var first = await site.Get<RunStore>().CreateAsync(new RunRequest(dag.DagId, "scheduled", at, at, at.AddDays(1), null, "test"), CancellationToken.None);

        var second = await site.Get<RunStore>().CreateAsync(new RunRequest(dag.DagId, "backfill", at, at, at.AddDays(1), null, "test"), CancellationToken.None);

        second.ShouldBe(first with { IsNew = false });
    }

    [Fact]
    public async Task Editing_a_schedule_creates_no_runs_for_the_past()
    {
        // The edit's time is the database's, so this test lives in the real present.
        site.Time.Now = TimeProvider.System.GetUtcNow();
        var start = site.Time.Now.AddDays(-30);
        var settings = new DagSettings { Schedule = ["@daily"], StartDate = start, Catchup = true, MaxActiveRuns = 100 };
        var dag = await site.ImportAsync(settings);
        await site.TickAsync();
        var before = (await site.DatesAsync(dag.DagId)).ToList();

        await site.ImportAsync(settings with { Schedule = ["@hourly"], StartDate = start.AddDays(-100) }, dag.DagId);
        (await site.TickAsync()).ShouldBe(0);
        site.Time.Now = site.Time.Now.AddHours(2);
        (await site.TickAsync()).ShouldBe(2, "what ends after the edit is due");

        (await site.DatesAsync(dag.DagId)).Take(before.Count).ShouldBe(before);
    }

    [Fact]
    public async Task Editing_anything_but_the_schedule_goes_on_where_it_was()
    {
        var settings = new DagSettings { Schedule = ["@daily"], StartDate = DateTimeOffset.Parse("2026-11-01T00:00Z"), Catchup = true, MaxActiveRuns = 5 };
        var dag = await site.ImportAsync(settings);
        (await site.TickAsync()).ShouldBe(5);
        await site.EndRunsAsync(dag.DagId);

        await site.ImportAsync(settings with { MaxActiveRuns = 100, Owner = "someone else" }, dag.DagId);

        (await site.TickAsync()).ShouldBe(15);
    }

    [Fact]
    public async Task Publishing_and_ticking_at_once_do_not_get_in_each_others_way()
    {
        var settings = new DagSettings { Schedule = ["every 1s"], StartDate = DateTimeOffset.Parse("2026-11-21T09:00Z"), MaxActiveRuns = 10_000, Catchup = true };
        var dag = await site.ImportAsync(settings);
        var publishing = Task.Run(async () =>
        {
            for (var i = 0; i < 40; i++)
                await site.ImportAsync(settings with { Owner = $"owner {i}" }, dag.DagId);
        });
        var ticking = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!publishing.IsCompleted)
                await site.TickAsync();
        })));

        await publishing;
        await ticking;

        (await site.RunsAsync(dag.DagId)).Select(r => r.LogicalDate).ShouldBeUnique();
    }

    [Fact]
    public async Task No_interval_ends_after_the_end_date()
    {
        var dag = await site.ImportAsync(new DagSettings
        {
            Schedule = ["@daily"], Catchup = true, StartDate = DateTimeOffset.Parse("2026-11-10T00:00Z"), EndDate = DateTimeOffset.Parse("2026-11-13T12:00Z"),
        });

        await site.TickAsync();

        (await site.DatesAsync(dag.DagId)).ShouldBe(["2026-11-10 00:00", "2026-11-11 00:00", "2026-11-12 00:00"]);
        (await site.ScalarAsync<DateTime?>("select next_due from orchestration.dag_schedule where dag_id = @DagId", dag)).ShouldBeNull();
    }

    [Fact]
    public async Task Once_runs_at_the_start_date_and_never_again()
    {
        var dag = await site.ImportAsync(new DagSettings { Schedule = ["@once"], StartDate = DateTimeOffset.Parse("2026-11-22T08:00Z") });

        (await site.TickAsync()).ShouldBe(0);
        (await site.TickAtAsync("2026-11-22T08:00Z")).ShouldBe(1);
        (await site.TickAtAsync("2027-11-22T08:00Z")).ShouldBe(0);
        (await site.DatesAsync(dag.DagId)).ShouldBe(["2026-11-22 08:00"]);
    }

    [Fact]
    public async Task A_run_that_cannot_be_made_holds_up_no_other_and_says_why()
    {
        var broken = await site.ImportAsync(
            new DagSettings { Schedule = ["@daily"], StartDate = DateTimeOffset.Parse("2026-11-20T00:00Z") }, parameters: new DagParam("source", "string", null, null));
        var sound = await site.ImportAsync(new DagSettings { Schedule = ["@daily"], StartDate = DateTimeOffset.Parse("2026-11-20T00:00Z") });

        (await site.TickAsync()).ShouldBe(1);

        (await site.RunsAsync(sound.DagId)).Count.ShouldBe(1);
        (await site.Get<ScheduleStore>().ProblemAsync(broken.DagId, CancellationToken.None)).ShouldNotBeNull().ShouldContain("parameter 'source' (string) has no default");
    }

    [Fact]
    public async Task So_many_failed_runs_in_a_row_pause_the_dag()
    {
        await using var orchestrated = await SchedulingSite.CreateAsync("2026-11-21T10:00Z");
        var outcome = "fail";
        orchestrated.Orchestrator.Scripts.ByTask["a"] = (_, _) => outcome == "fail"
            ? throw new Tasks.TaskFailedException("broken", retryable: false)
            : Task.FromResult<Tasks.TaskResult<Execution.ScriptedOutputs>>(new Execution.ScriptedOutputs("done"));
        var dag = await orchestrated.ImportAsync(new DagSettings { PauseAfterFailures = 2 });
        await orchestrated.Orchestrator.StartAsync();
        foreach (var (next, paused) in new[] { ("fail", false), ("succeed", false), ("fail", false), ("fail", true) })
        {
            outcome = next;
            var run = await orchestrated.Get<ManualRuns>().TriggerAsync(dag.DagId, new JsonObject(), null, "test", CancellationToken.None, $"{Guid.NewGuid()}");
            await orchestrated.Orchestrator.WaitAsync(run.RunId, r => r.State is "success" or "failed");
            (await orchestrated.Get<DagStore>().GetAsync(dag.DagId, CancellationToken.None)).IsPaused.ShouldBe(paused, $"after {next}");
        }
        (await orchestrated.ScalarAsync<string>("select details->>'reason' from orchestration.event where kind = 'dag_paused'")).ShouldBe("2 failed runs in a row");
    }

    [Fact]
    public async Task A_task_that_depends_on_its_past_waits_for_the_run_before()
    {
        await using var orchestrated = await SchedulingSite.CreateAsync("2026-11-21T10:00Z");
        var release = new TaskCompletionSource();
        var order = new System.Collections.Concurrent.ConcurrentQueue<string>();
        orchestrated.Orchestrator.Scripts.ByTask["a"] = async (context, token) =>
        {
            if (context.LogicalDate.Day == 18)
                await release.Task.WaitAsync(token);
            order.Enqueue($"{context.LogicalDate:dd}");
            return new Execution.ScriptedOutputs("done");
        };
        var dag = await orchestrated.ImportAsync(
            new DagSettings { Schedule = ["@daily"], Catchup = true, StartDate = DateTimeOffset.Parse("2026-11-18T00:00Z") }, task: new TaskSettings { DependsOnPast = true });
        await orchestrated.TickAsync();
        await orchestrated.Orchestrator.StartAsync();
        var runs = await orchestrated.RunsAsync(dag.DagId);
        await orchestrated.Orchestrator.WaitForTaskAsync(runs[0].RunId, "a", "running");

        (await orchestrated.Orchestrator.StatesAsync(runs[1].RunId))["a"].ShouldBe("queued");
        release.SetResult();
        foreach (var run in runs)
            (await orchestrated.Orchestrator.WaitAsync(run.RunId, r => r.State is "success" or "failed")).State.ShouldBe("success");

        order.ShouldBe(["18", "19", "20"]);
    }

    private async Task<bool> HasActiveAsync(string dagId) => (await site.RunsAsync(dagId)).Any(r => r.State is "queued" or "running");
}
