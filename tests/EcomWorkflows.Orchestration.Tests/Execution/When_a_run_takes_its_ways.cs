using System.Text.Json.Nodes;
using Dapper;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Execution;

/// <summary>Branches, short circuits, mapped tasks, setups and teardowns, on a real node.</summary>
public sealed class When_a_run_takes_its_ways(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DagParam Items = new("items", "array", null, new JsonArray());

    [Theory]
    [InlineData("daily", "daily=success,weekly=skipped,join=success")]
    [InlineData("weekly", "daily=skipped,weekly=success,join=success")]
    [InlineData("daily, weekly", "daily=success,weekly=success,join=success")]
    [InlineData("never", "daily=upstream_failed,weekly=upstream_failed,join=upstream_failed")]
    public async Task A_branch_goes_on_along_the_chosen_outcomes(string mode, string expected)
    {
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres);
        await orchestrator.StartAsync();
        var branch = new DagTask(
            "which", ControlTasks.Branch, "which", new JsonObject { ["outcomes"] = new JsonArray("daily", "weekly"), ["choose"] = "{{ params.mode }}" }, new TaskSettings());
        var dag = Make(
            [branch, Scripted("daily"), Scripted("weekly"), Scripted("join", new TaskSettings { TriggerRule = TriggerRule.NoneFailedMinOneSuccess })],
            [new("which", "daily", "daily"), new("which", "weekly", "weekly"), new("daily", "join"), new("weekly", "join")], new DagParam("mode", "string", null, "daily"));

        var run = await orchestrator.RunAsync(dag, new JsonObject { ["mode"] = mode });

        var states = await orchestrator.StatesAsync(run);
        string.Join(",", new[] { "daily", "weekly", "join" }.Select(t => $"{t}={states[t]}")).ShouldBe(expected);
    }

    [Theory]
    [InlineData(false, "skipped,skipped")]
    [InlineData(true, "skipped,success")]
    public async Task A_short_circuit_skips_everything_below_or_only_what_is_next(bool respectsRules, string expected)
    {
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres);
        await orchestrator.StartAsync();
        var cut = new DagTask(
            "cut", ControlTasks.ShortCircuit, "cut", new JsonObject { ["condition"] = "no", ["respectTriggerRules"] = respectsRules }, new TaskSettings());
        var dag = Make([cut, Scripted("next"), Scripted("last", new TaskSettings { TriggerRule = TriggerRule.AllDone })], [new("cut", "next"), new("next", "last")]);

        var run = await orchestrator.RunAsync(dag);

        var states = await orchestrator.StatesAsync(run);
        $"{states["next"]},{states["last"]}".ShouldBe(expected);
        (await orchestrator.Runs.TaskInstancesAsync(run, CancellationToken.None)).Single(t => t.TaskId == "next").Message.ShouldBe("short circuit of 'cut'");
    }

    [Fact]
    public async Task A_thousand_elements_are_a_thousand_instances_and_their_outputs_come_in_order()
    {
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, configure: o => o with { Slots = 100 });
        orchestrator.Scripts.ByTask["sum"] = async (context, stop) =>
            new ScriptedOutputs(string.Join(",", (await context.ReadAllOutputsAsync<ScriptedOutputs>("each", stop)).Select(o => o.Said.Split(':')[1])));
        await orchestrator.StartAsync();
        var each = Scripted("each", new TaskSettings { MapOver = "params.items" }, new JsonObject { ["text"] = "{{ map_item }}" });

        var run = await orchestrator.RunAsync(Make([each, Scripted("sum")], [new("each", "sum")], Items), Numbers(1000));

        var instances = await orchestrator.Runs.TaskInstancesAsync(run, CancellationToken.None);
        instances.Where(t => t.TaskId == "each").Select(t => t.MapIndex).Order().ShouldBe(Enumerable.Range(0, 1000));
        JsonNode.Parse(instances.Single(t => t.TaskId == "sum").Outputs!)!["said"]!.GetValue<string>().ShouldBe(string.Join(",", Enumerable.Range(0, 1000)));
        (await new RunInvariants(orchestrator.Get<NpgsqlDataSource>()).ViolationsAsync([run])).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0, "skipped", "parameter 'items' is an empty list")]
    [InlineData(1025, "failed", "parameter 'items' has 1025 elements; a task can be mapped over at most 1024")]
    public async Task A_list_too_short_or_too_long_is_said_to_be(int length, string state, string message)
    {
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres);
        await orchestrator.StartAsync();

        var run = await orchestrator.RunAsync(Make([Scripted("each", new TaskSettings { MapOver = "params.items" })], [], Items), Numbers(length));

        var instance = (await orchestrator.Runs.TaskInstancesAsync(run, CancellationToken.None)).ShouldHaveSingleItem();
        (instance.State, instance.Message).ShouldBe((state, message));
    }

    [Fact]
    public async Task Fewer_elements_on_a_rerun_remove_the_surplus_and_one_element_can_be_rerun_alone()
    {
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres);
        var (length, reruns) = (3, orchestrator.Get<RerunStore>());
        await orchestrator.StartAsync();
        var list = new DagTask("list", "Test.Lister", "list", [], new TaskSettings());
        var dag = Make([list, Scripted("each", new TaskSettings { MapOver = "list.items" })], [new("list", "each")]);
        orchestrator.Scripts.Length = () => length;
        var run = await orchestrator.RunAsync(dag);

        await reruns.ClearAsync(run, new ClearSelection(OnlyFailed: false) { Instances = [new InstanceKey("each", 1)] }, dryRun: false, "test", CancellationToken.None);
        await orchestrator.WaitAsync(run, r => r.State == "success");
        (await TriesAsync()).ShouldBe("0:1 success,1:2 success,2:1 success");

        length = 2;
        await reruns.ClearAsync(run, new ClearSelection(["list"], OnlyFailed: false, Downstream: true), dryRun: false, "test", CancellationToken.None);
        await orchestrator.WaitAsync(run, r => r.State == "success");
        (await TriesAsync()).ShouldBe("0:2 success,1:3 success,2:1 removed");

        async Task<string> TriesAsync() => string.Join(",", (await orchestrator.Runs.TaskInstancesAsync(run, CancellationToken.None))
            .Where(t => t.TaskId == "each").OrderBy(t => t.MapIndex).Select(t => $"{t.MapIndex}:{t.TryNumber} {t.State}"));
    }

    [Fact]
    public async Task A_surplus_below_a_surplus_is_removed_once()
    {
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres);
        var length = 3;
        orchestrator.Scripts.Length = () => length;
        await orchestrator.StartAsync();
        DagTask[] tasks =
        [
            new("list", "Test.Lister", "list", [], new TaskSettings()), Scripted("each", new TaskSettings { MapOver = "list.items" }),
            Scripted("again", new TaskSettings { MapOver = "each.said" }), Scripted("last"),
        ];
        var run = await orchestrator.RunAsync(Make(tasks, [new("list", "each"), new("each", "again"), new("again", "last")]));

        length = 2;
        await orchestrator.Get<RerunStore>().ClearAsync(run, new ClearSelection(["list"], OnlyFailed: false, Downstream: true), dryRun: false, "test", CancellationToken.None);
        await orchestrator.WaitAsync(run, r => r.State == "success");

        (await orchestrator.Runs.TaskInstancesAsync(run, CancellationToken.None)).Where(t => t.TaskId is "again" or "last").OrderBy(t => t.TaskId).ThenBy(t => t.MapIndex)
            .Select(t => $"{t.TaskId}[{t.MapIndex}]={t.State}").ShouldBe(["again[0]=success", "again[1]=success", "again[2]=removed", "last[-1]=success"]);
        (await new RunInvariants(orchestrator.Get<NpgsqlDataSource>()).ViolationsAsync([run])).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_teardown_runs_after_a_failure_and_does_not_decide_about_the_run()
    {
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres);
        orchestrator.Scripts.ByTask["work"] = (_, _) => throw new TaskFailedException("no", retryable: false);
        orchestrator.Scripts.ByTask["drop"] = (_, _) => throw new TaskFailedException("neither", retryable: false);
        await orchestrator.StartAsync();
        DagTask[] tasks = [Scripted("make", new TaskSettings { IsSetup = true }), Scripted("work"), Scripted("drop", new TaskSettings { IsTeardown = true })];

        var run = await orchestrator.RunAsync(Make(tasks, [new("make", "work"), new("work", "drop"), new("make", "drop")]));

        (await orchestrator.StatesAsync(run)).ShouldBe(new Dictionary<string, string> { ["make"] = "success", ["work"] = "failed", ["drop"] = "failed" }, ignoreOrder: true);
        orchestrator.Scripts.Started.ShouldContain(a => a.TaskId == "drop");
        (await orchestrator.Runs.GetAsync(run, CancellationToken.None)).State.ShouldBe("failed");

        orchestrator.Scripts.ByTask.TryRemove("work", out _);
        await orchestrator.Get<RerunStore>().ClearAsync(run, new ClearSelection(["work"], OnlyFailed: false), dryRun: false, "test", CancellationToken.None);
        await orchestrator.WaitAsync(run, r => r.State == "success");
    }

    [Fact]
    public async Task A_run_that_stands_still_is_derived_anew_or_said_to_be_in_a_deadlock()
    {
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres);
        var database = orchestrator.Get<NpgsqlDataSource>();
        await using var connection = await database.OpenConnectionAsync();
        var standing = await orchestrator.CreateRunAsync(DagFactory.Make("a>b"));
        var hopeless = await orchestrator.CreateRunAsync(DagFactory.Make("a>b"));
        await connection.ExecuteAsync("update orchestration.task_instance set state = 'success' where task_id = 'a' and run_id = any(@ids)", new { ids = new[] { standing, hopeless } });
        await connection.ExecuteAsync("update orchestration.task_instance set task_id = 'ghost' where task_id = 'b' and run_id = @hopeless", new { hopeless });

        (await orchestrator.Get<StalledRuns>().ResolveAsync(TimeSpan.Zero, "test", CancellationToken.None)).ShouldBe(2);

        (await orchestrator.StatesAsync(standing))["b"].ShouldBe("queued");
        var run = await orchestrator.Runs.GetAsync(hopeless, CancellationToken.None);
        run.EndedAt.ShouldNotBeNull();
        run.Message.ShouldBe("deadlock: nothing is left that could run; undecided: ghost");
        (await orchestrator.StatesAsync(hopeless))["ghost"].ShouldBe("failed");
    }

    [Theory]
    [InlineData("insert into orchestration.event (kind, actor, run_id, task_instance_id, task_id, state_before, state_after) select 'task_state', 'x', run_id, task_instance_id, task_id, 'success', 'none' from orchestration.task_instance where run_id = @run and task_id = 'a'", "I5")]
    [InlineData("update orchestration.dag_run set state = 'failed' where run_id = @run", "I8 run state")]
    [InlineData("update orchestration.dag_run set unfinished = 1 where run_id = @run", "I8 the counter")]
    [InlineData("delete from orchestration.event where run_id = @run and state_after = 'running' and task_id = 'a'", "I7")]
    [InlineData("insert into orchestration.event (kind, actor, run_id, attempt_id) select 'publish', 'x', run_id, attempt_id from orchestration.task_instance where run_id = @run and task_id = 'a'", "I2")]
    [InlineData("insert into orchestration.event (kind, actor, run_id, task_instance_id, attempt_id, task_id, state_before, state_after) select 'task_state', 'x', run_id, task_instance_id, attempt_id - 1, task_id, 'running', 'success' from orchestration.task_instance where run_id = @run and task_id = 'a'", "I1")]
    [InlineData("insert into orchestration.event (kind, actor, run_id, task_instance_id, attempt_id, task_id, state_before, state_after) select 'task_state', 'x', run_id, task_instance_id, attempt_id, task_id, 'running', 'success' from orchestration.task_instance where run_id = @run and task_id = 'a'", "I2 an instance succeeds once")]
    [InlineData("insert into orchestration.event (kind, actor, run_id, dag_id, attempt_id) select 'publish', 'x', run_id, dag_id, max(attempt_id) + 1000 from orchestration.task_instance where run_id = @run group by 3, 4", "I2 an attempt publishes only while it runs")]
    [InlineData("insert into orchestration.event (kind, actor, run_id, task_instance_id, attempt_id, task_id, state_before, state_after) select 'task_state', 'x', run_id, task_instance_id, attempt_id, task_id, 'queued', 'running' from orchestration.task_instance cross join generate_series(1, 3) where run_id = @run and task_id = 'a'", "I3 caps: with event")]
    [InlineData("insert into orchestration.attempt_log (attempt_id, logged_at, level, category, message) select attempt_id, now() - interval '1 minute' * n, 'info', 'x', 'x' from orchestration.task_instance cross join generate_series(1, 2) n where run_id = @run and task_id = 'a'", "I7 the log of an attempt")]
    [InlineData("insert into orchestration.dag_run (dag_id, dag_version, run_key, run_type, logical_date, data_interval_start, data_interval_end, state, unfinished, params, created_by, ended_at) select dag_id, dag_version, d::text, 'scheduled', d, d, d + interval '1 day', 'success', 0, '{}', 'x', d from orchestration.dag_run cross join (values (timestamptz '2026-01-01Z'), ('2026-01-03Z')) days (d) where run_id = @run", "I4 none missing")]
    public async Task The_invariants_notice_what_is_wrong(string damage, string violated)
    {
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres);
        await orchestrator.StartAsync();
        var run = await orchestrator.RunAsync(DagFactory.Make("a>b", dag: new DagSettings { Schedule = ["@daily"], Catchup = true, StartDate = DateTimeOffset.Parse("2100-01-01Z"), MaxActiveTasks = 2 }));
        var database = orchestrator.Get<NpgsqlDataSource>();
        (await new RunInvariants(database).ViolationsAsync([run])).ShouldBeEmpty();
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(damage, new { run });

        var runs = await connection.QueryAsync<long>("select run_id from orchestration.dag_run where dag_id = (select dag_id from orchestration.dag_run where run_id = @run)", new { run });
        (await new RunInvariants(database).ViolationsAsync([.. runs])).ShouldContain(v => v.StartsWith(violated));
    }

    private static JsonObject Numbers(int count) => new() { ["items"] = new JsonArray([.. Enumerable.Range(0, count).Select(i => (JsonNode)i)]) };

    private static DagTask Scripted(string taskId, TaskSettings? settings = null, JsonObject? inputs = null) => new(taskId, "Test.Scripted", taskId, inputs ?? [], settings ?? new TaskSettings());

    private static Dag Make(DagTask[] tasks, DagEdge[] edges, params DagParam[] parameters) => new($"dag_{Guid.NewGuid():n}", "test", null, new DagSettings(), parameters, tasks, edges);
}
