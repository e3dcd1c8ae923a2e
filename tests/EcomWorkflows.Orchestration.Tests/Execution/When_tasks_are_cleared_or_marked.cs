using System.Text.Json;
using Dapper;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Execution;

/// <summary>The rows of the table of semantics, section 5.</summary>
public sealed class When_tasks_are_cleared_or_marked(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Clearing_a_task_reruns_it_only_and_the_history_of_both_tries_stays_readable()
    {
        await using var node = await StartedAsync();
        var run = await node.RunAsync(DagFactory.Make("a>b; b>c"));
        var before = await node.Runs.GetAsync(run, None);

        var report = await node.Get<RerunStore>().ClearAsync(Request(run, new ClearSelection(["b"], OnlyFailed: false)), dryRun: false, "test", None);
        var after = await node.WaitAsync(run, r => r.State == "success");

        report.Runs.ShouldHaveSingleItem().Instances.Select(i => (i.TaskId, i.State)).ShouldBe([("b", "success")]);
        (after.ClearNumber, after.Generation).ShouldBe((before.ClearNumber + 1, before.Generation + 1));
        var tries = await node.Runs.AttemptsAsync(run, "b", None);
        tries.Select(t => (t.TryNumber, t.State)).ShouldBe([(1, "success"), (2, "success")]);
        tries.Select(t => JsonSerializer.Deserialize<ScriptedOutputs>(t.Outputs!, TaskJson.Options)!.Said).ShouldBe(["b#1:", "b#2:"]);
        (await node.Get<LogStore>().ReadAsync(tries[0].AttemptId, 0, 100, None)).ShouldContain(l => l.Message.Contains("Try 1 of b"));
        (await node.Runs.AttemptsAsync(run, "c", None)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_dry_run_says_what_would_change_and_changes_nothing()
    {
        await using var node = await StartedAsync();
        var run = await node.RunAsync(DagFactory.Make("a>b; b>c"));

        var preview = await node.Get<RerunStore>().ClearAsync(Request(run, new ClearSelection(["b"], OnlyFailed: false, Downstream: true)), dryRun: true, "test", None);

        preview.IsDryRun.ShouldBeTrue();
        preview.Runs[0].Cleared.ShouldBe(["b", "c"]);
        (await node.Runs.GetAsync(run, None)).ShouldBe((await node.Runs.GetAsync(run, None)) with { State = "success", Generation = 0 });
    }

    [Fact]
    public async Task The_preview_names_published_data_and_the_DAGs_that_wait_for_it()
    {
        await using var node = await TestOrchestrator.CreateAsync(postgres);
        await node.StartAsync();
        var producer = DagFactory.Make("write", new TaskSettings { Outlets = ["orders"] });
        var consumer = DagFactory.Make("read", dag: new DagSettings { AssetSchedule = "orders" });
        await node.ImportAsync(consumer);
        var run = await node.RunAsync(producer);

        var preview = await node.Get<RerunStore>().ClearAsync(Request(run, new ClearSelection(OnlyFailed: false)), dryRun: true, "test", None);

        preview.Triggered.ShouldBe([new AssetConsumer("write", "orders", consumer.DagId)]);
        preview.Published.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_running_instance_is_fenced_and_tried_again_at_once()
    {
        var scripts = new Scripts();
        scripts.ByTask["a"] = async (context, stop) =>
        {
            if (context.Attempt.TryNumber == 1)
                await Task.Delay(Timeout.Infinite, stop);
            return new ScriptedOutputs("second");
        };
        await using var node = await StartedAsync(scripts);
        var run = await node.CreateRunAsync(DagFactory.Make("a>b"));
        await node.WaitForTaskAsync(run, "a", "running");

        await node.Get<RerunStore>().ClearAsync(run, new ClearSelection(["a"], OnlyFailed: false), dryRun: false, "test", None);

        (await node.WaitAsync(run, r => r.State is "success" or "failed")).State.ShouldBe("success");
        (await node.Runs.AttemptsAsync(run, "a", None)).Select(t => t.State).ShouldBe(["fenced", "success"]);
        var states = (await node.Get<EventLog>().ListAsync(null, run, "a", 50, null, None)).Reverse().Select(e => e.StateAfter);
        states.ShouldBe(["queued", "running", "restarting", "none", "queued", "running", "success"]);
    }

    [Fact]
    public async Task The_retry_budget_starts_anew()
    {
        var scripts = new Scripts();
        scripts.ByTask["a"] = (context, _) => context.Attempt.TryNumber < 4
            ? throw new InvalidOperationException("not yet")
            : Task.FromResult<TaskResult<ScriptedOutputs>>(new ScriptedOutputs("fourth"));
        await using var node = await StartedAsync(scripts);
        var run = await node.RunAsync(DagFactory.Make("a", new TaskSettings { Retries = 1, RetryDelay = TimeSpan.FromMilliseconds(10) }));
        (await node.Runs.GetAsync(run, None)).State.ShouldBe("failed");

        await node.Get<RerunStore>().ClearAsync(run, new ClearSelection(), dryRun: false, "test", None);

        (await node.WaitAsync(run, r => r.State is "success" or "failed")).State.ShouldBe("success");
        (await node.Runs.AttemptsAsync(run, "a", None)).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Past_and_future_runs_are_selected_by_logical_date_and_a_window_selects_by_it_too()
    {
        await using var node = await StartedAsync();
        var dag = DagFactory.Make("a>b");
        var runs = new List<long>();
        for (var i = 0; i < 4; i++)
            runs.Add(await node.RunAsync(dag));
        var reruns = node.Get<RerunStore>();
        var selection = new ClearSelection(["b"], OnlyFailed: false);

        (await Ids(new RerunRequest(selection) { RunId = runs[1], Past = true })).ShouldBe([runs[0], runs[1]]);
        (await Ids(new RerunRequest(selection) { RunId = runs[1], Future = true })).ShouldBe([runs[1], runs[2], runs[3]]);
        (await Ids(new RerunRequest(selection) { RunId = runs[1], Past = true, Future = true })).ShouldBe(runs);
        var second = await node.Runs.GetAsync(runs[1], None);
        var third = await node.Runs.GetAsync(runs[2], None);
        (await Ids(new RerunRequest(selection) { DagId = dag.DagId, From = second.LogicalDate, To = third.LogicalDate })).ShouldBe([runs[1], runs[2]]);
        (await Should.ThrowAsync<OrchestrationException>(() => Ids(new RerunRequest(selection) { DagId = dag.DagId }))).Message.ShouldContain("window");
        (await Should.ThrowAsync<OrchestrationException>(() => Ids(new RerunRequest(selection) { DagId = dag.DagId, From = third.LogicalDate, To = second.LogicalDate })))
            .Message.ShouldContain("ends");

        async Task<IEnumerable<long>> Ids(RerunRequest request) => (await reruns.ClearAsync(request, dryRun: true, "test", None)).Runs.Select(r => r.RunId);
    }

    [Fact]
    public async Task The_latest_version_adds_and_removes_tasks_and_the_runs_own_version_does_not()
    {
        await using var node = await StartedAsync();
        var first = DagFactory.Make("a>b; b>old");
        var run = await node.RunAsync(first);
        await node.ImportAsync(DagFactory.Make("a>b; b>new") with { DagId = first.DagId });
        var reruns = node.Get<RerunStore>();

        (await reruns.ClearAsync(run, new ClearSelection(["b"], OnlyFailed: false), dryRun: false, "test", None)).Dropped.ShouldBeEmpty();
        (await node.WaitAsync(run, r => r.State == "success")).DagVersion.ShouldBe(1);
        var report = await reruns.ClearAsync(Request(run, new ClearSelection(["b"], OnlyFailed: false)) with { LatestVersion = true }, dryRun: false, "test", None);
        var after = await node.WaitAsync(run, r => r.State is "success" or "failed");

        (after.State, after.DagVersion).ShouldBe(("success", 2));
        report.Runs[0].Added.ShouldBe(["new"]);
        report.Runs[0].Dropped.ShouldBe(["old"]);
        (await node.StatesAsync(run)).ShouldBe(new Dictionary<string, string> { ["a"] = "success", ["b"] = "success", ["old"] = "removed", ["new"] = "success" }, ignoreOrder: true);
        (await node.Runs.AttemptsAsync(run, "old", None)).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(TaskState.Success, "success", "success")]
    [InlineData(TaskState.Skipped, "skipped", "success")]
    [InlineData(TaskState.Failed, "upstream_failed", "failed")]
    public async Task A_mark_sets_the_selection_and_descendants_are_derived_anew(TaskState mark, string descendant, string run)
    {
        var scripts = new Scripts();
        scripts.ByTask["a"] = (_, _) => throw new TaskFailedException("broken", FailureCause.UserError, retryable: false);
        await using var node = await StartedAsync(scripts);
        var id = await node.RunAsync(DagFactory.Make("a>b; b>c"));
        (await node.StatesAsync(id))["c"].ShouldBe("upstream_failed");

        await node.Get<RerunStore>().MarkAsync(Request(id, new ClearSelection(["a"], OnlyFailed: false)), TaskState.Success, dryRun: false, "test", None);
        await node.WaitAsync(id, r => r.State is "success");
        await node.Get<RerunStore>().ClearAsync(id, new ClearSelection(["b", "c"], OnlyFailed: false), dryRun: false, "test", None);
        await node.WaitAsync(id, r => r.State is "success");
        scripts.ByTask["b"] = (_, _) => throw new TaskFailedException("broken too", FailureCause.UserError, retryable: false);
        await node.Get<RerunStore>().ClearAsync(id, new ClearSelection(["b", "c"], OnlyFailed: false), dryRun: false, "test", None);
        await node.WaitAsync(id, r => r.State is "failed");

        await node.Get<RerunStore>().MarkAsync(Request(id, new ClearSelection(["b"], OnlyFailed: false)), mark, dryRun: false, "test", None);

        (await node.WaitAsync(id, r => r.State is "success" or "failed")).State.ShouldBe(run);
        (await node.StatesAsync(id))["c"].ShouldBe(descendant);
        var instance = (await node.Runs.TaskInstancesAsync(id, None)).Single(i => i.TaskId == "b");
        instance.State.ShouldBe(mark.ToWire());
        if (mark != TaskState.Failed)
            instance.Message.ShouldBe($"marked {mark.ToWire()} by test");
    }

    [Fact]
    public async Task Marking_the_last_running_task_ends_the_run()
    {
        var scripts = new Scripts();
        scripts.ByTask["a"] = async (_, stop) =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            return new ScriptedOutputs("never");
        };
        await using var node = await StartedAsync(scripts);
        var run = await node.CreateRunAsync(DagFactory.Make("a"));
        await node.WaitForTaskAsync(run, "a", "running");

        await node.Get<RerunStore>().MarkAsync(Request(run, new ClearSelection(["a"], OnlyFailed: false)), TaskState.Success, dryRun: false, "test", None);

        (await node.Runs.GetAsync(run, None)).State.ShouldBe("success");
        (await Should.ThrowAsync<OrchestrationException>(() =>
            node.Get<RerunStore>().MarkAsync(Request(run, new ClearSelection(["a"], OnlyFailed: false)), TaskState.Running, false, "test", None)))
            .Message.ShouldBe("An instance cannot be marked running; allowed: success, failed, skipped.");
    }

    [Fact]
    public async Task A_cleared_run_takes_as_long_as_it_runs_again_without_the_time_it_lay_finished()
    {
        await using var node = await StartedAsync();
        var run = await node.RunAsync(DagFactory.Make("a"));
        await AnHourAgoAsync("dag_run", run);

        await node.Get<RerunStore>().ClearAsync(run, new ClearSelection(OnlyFailed: false), dryRun: false, "test", None);

        var after = await node.WaitAsync(run, r => r.State == "success");
        (after.EndedAt - after.StartedAt).ShouldNotBeNull().ShouldBeLessThan(TimeSpan.FromMinutes(30));
    }

    [Theory]
    [InlineData(TaskState.Failed)]
    [InlineData(TaskState.Skipped)]
    public async Task A_mark_leaves_the_times_of_a_task_that_had_ended(TaskState mark)
    {
        await using var node = await StartedAsync();
        var run = await node.RunAsync(DagFactory.Make("a"));
        await AnHourAgoAsync("task_instance", run);
        var before = (await node.Runs.TaskInstancesAsync(run, None)).Single();

        await node.Get<RerunStore>().MarkAsync(Request(run, new ClearSelection(["a"], OnlyFailed: false)), mark, dryRun: false, "test", None);

        var after = (await node.Runs.TaskInstancesAsync(run, None)).Single();
        after.State.ShouldBe(mark.ToWire());
        (after.StartedAt, after.EndedAt).ShouldBe((before.StartedAt, before.EndedAt));
    }

    [Fact]
    public async Task A_decision_about_an_older_generation_is_refused()
    {
        await using var node = await StartedAsync();
        var run = await node.RunAsync(DagFactory.Make("a>b"));
        var reruns = node.Get<RerunStore>();
        var everything = Request(run, new ClearSelection(OnlyFailed: false)) with { Generation = 0 };
        await reruns.ClearAsync(everything, dryRun: false, "test", None);
        await node.WaitAsync(run, r => r.State == "success");

        (await Should.ThrowAsync<StaleGenerationException>(() => reruns.ClearAsync(everything, dryRun: false, "test", None))).Current.ShouldBe(1);
        (await Should.ThrowAsync<StaleGenerationException>(() => reruns.MarkAsync(everything, TaskState.Failed, dryRun: false, "test", None))).Message.ShouldContain("generation 0, it is at 1");
        (await node.StatesAsync(run)).Values.ShouldAllBe(s => s == "success");
    }

    [Fact]
    public async Task One_instance_of_a_mapped_task_runs_again_without_its_sisters()
    {
        await using var node = await StartedAsync();
        var dag = DagFactory.Make("a>b", of: task => new TaskSettings { MapOver = task == "a" ? "params.items" : null })
            with { Params = [new DagParam("items", "array", null, System.Text.Json.Nodes.JsonNode.Parse("[1, 2, 3]"))] };
        var run = await node.RunAsync(dag);
        (await node.Runs.GetAsync(run, None)).State.ShouldBe("success");

        await node.Get<RerunStore>().ClearAsync(Request(run, new ClearSelection(null, OnlyFailed: false) { Instances = [new InstanceKey("a", 1)] }), dryRun: false, "test", None);
        await node.WaitAsync(run, r => r.State == "success");

        (await node.Runs.TaskInstancesAsync(run, None)).Where(i => i.TaskId == "a").OrderBy(i => i.MapIndex).Select(i => i.TryNumber).ShouldBe([1, 2, 1]);
    }

    [Fact]
    public async Task Notes_are_kept_with_runs_and_instances()
    {
        await using var node = await StartedAsync();
        var run = await node.RunAsync(DagFactory.Make("a"));
        var reruns = node.Get<RerunStore>();

        await reruns.NoteAsync(run, null, "looked at", "test", None);
        await reruns.NoteAsync(run, new InstanceKey("a"), "slow", "test", None);

        (await node.Runs.GetAsync(run, None)).Note.ShouldBe("looked at");
        (await node.Runs.TaskInstancesAsync(run, None)).Single().Note.ShouldBe("slow");
        (await Should.ThrowAsync<NotFoundException>(() => reruns.NoteAsync(run, new InstanceKey("b"), "x", "test", None))).Message.ShouldContain("'b'");
    }

    private async Task AnHourAgoAsync(string table, long run)
    {
        await using var connection = await postgres.DataSource.OpenConnectionAsync();
        await connection.ExecuteAsync(
            $"update orchestration.{table} set started_at = started_at - interval '1 hour', ended_at = ended_at - interval '1 hour' where run_id = @run", new { run });
    }

    private static RerunRequest Request(long run, ClearSelection selection) => new(selection) { RunId = run };

    private async Task<TestOrchestrator> StartedAsync(Scripts? scripts = null)
    {
        var node = await TestOrchestrator.CreateAsync(postgres, scripts);
        await node.StartAsync();
        return node;
    }
}
