using System.Text.Json.Nodes;
using Dapper;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Orchestration.Tests.Execution;
using EcomWorkflows.Testing;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.BuiltIn;

public sealed class When_tasks_wait_for_something(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task An_approval_waits_for_the_person_and_the_run_goes_on()
    {
        await using var orchestrator = await postgres.StartOrchestratorAsync();
        var run = await orchestrator.CreateRunAsync(BuiltInDag.Single("Core.Approval", new JsonObject { ["subject"] = "Publish {{ ds }}?", ["assignees"] = new JsonArray("ann") }));
        await orchestrator.WaitForTaskAsync(run, "a", "awaiting_input");
        (await orchestrator.Get<QuestionStore>().ListAsync(null, run, true, 1, None)).Single().Subject.ShouldStartWith("Publish 20");

        await orchestrator.Get<QuestionStore>().AnswerAsync(run, "a", -1, "approve", "good", "ann", None);
        await orchestrator.WaitAsync(run, r => r.State == "success");

        var outputs = (await orchestrator.Runs.TaskInstancesAsync(run, None)).Single().Outputs();
        (outputs["decision"]!.GetValue<string>(), outputs["decidedBy"]!.GetValue<string>(), outputs["comment"]!.GetValue<string>()).ShouldBe(("approve", "ann", "good"));
    }

    [Theory]
    [InlineData("fail", "failed")]
    [InlineData("skip", "skipped")]
    [InlineData("succeed", "success")]
    public async Task A_rejection_does_what_the_task_says(string onReject, string state)
    {
        await using var orchestrator = await postgres.StartOrchestratorAsync();
        var run = await orchestrator.CreateRunAsync(
            BuiltInDag.Single("Core.Approval", new JsonObject { ["subject"] = "Publish?", ["onReject"] = onReject }, new TaskSettings { Retries = 5 }));
        await orchestrator.WaitForTaskAsync(run, "a", "awaiting_input");
        await orchestrator.Get<QuestionStore>().AnswerAsync(run, "a", -1, "reject", null, "bob", None);
        await orchestrator.WaitForTaskAsync(run, "a", state);
    }

    [Theory]
    [InlineData("fail", "failed", "timeout")]
    [InlineData("skip", "skipped", null)]
    [InlineData("approve", "success", null)]
    [InlineData("reject", "failed", "user_error")]
    [InlineData("perhaps", "failed", "user_error")]
    public async Task An_approval_nobody_gives_in_time_does_what_the_task_says(string onTimeout, string state, string? cause)
    {
        await using var orchestrator = await postgres.StartOrchestratorAsync();
        var instance = await orchestrator.RunAsync("Core.Approval", new JsonObject { ["subject"] = "Publish?", ["timeoutSeconds"] = 0.1, ["onTimeout"] = onTimeout });
        (instance.State, instance.Cause).ShouldBe((state, cause));
    }

    [Fact]
    public async Task A_file_sensor_finds_the_file_when_it_comes()
    {
        await using var orchestrator = await postgres.StartOrchestratorAsync();
        var folder = Directory.CreateTempSubdirectory("ecom-sensor-").FullName;
        var run = await orchestrator.CreateRunAsync(BuiltInDag.Single("Core.FileSensor", new JsonObject { ["path"] = $"{folder}/sales-*.csv", ["pokeSeconds"] = 0.1 }));
        await orchestrator.WaitForTaskAsync(run, "a", "up_for_reschedule");
        await File.WriteAllTextAsync(Path.Combine(folder, "sales-1.csv"), "x");

        await orchestrator.WaitAsync(run, r => r.State == "success");

        (await orchestrator.Runs.TaskInstancesAsync(run, None)).Single().Outputs()["paths"]!.ToJsonString().ShouldBe($"""["{folder}/sales-1.csv"]""");
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(false, "failed", "timeout")]
    [InlineData(true, "skipped", null)]
    public async Task A_sensor_gives_up_after_its_time_and_does_not_retry(bool softFail, string state, string? cause)
    {
        await using var orchestrator = await postgres.StartOrchestratorAsync();
        var instance = await orchestrator.RunAsync(
            "Core.FileSensor", new JsonObject { ["path"] = "/nowhere/x", ["pokeSeconds"] = 0.1, ["sensorTimeoutSeconds"] = 0.3, ["softFail"] = softFail }, new TaskSettings { Retries = 4 });
        (instance.State, instance.Cause, instance.TryNumber).ShouldBe((state, cause, 1));
        instance.Message.ShouldNotBeNull().ShouldContain("file /nowhere/x");
    }

    [Fact]
    public async Task A_sql_sensor_finds_a_row_and_may_only_read()
    {
        await using var orchestrator = await postgres.StartOrchestratorAsync();
        await using var connection = await postgres.DataSource.OpenConnectionAsync();
        await connection.ExecuteAsync("create table public.landed (day date)");
        var run = await orchestrator.CreateRunAsync(BuiltInDag.Single("Core.SqlSensor", new JsonObject
        {
            ["sql"] = "select count(*) from public.landed where day = @day", ["parameters"] = new JsonObject { ["day"] = "{{ ds }}" }, ["pokeSeconds"] = 0.1,
        }));
        await orchestrator.WaitForTaskAsync(run, "a", "up_for_reschedule");
        await connection.ExecuteAsync("insert into public.landed select (logical_date at time zone 'UTC')::date from orchestration.dag_run where run_id = @run", new { run });
        await orchestrator.WaitAsync(run, r => r.State == "success");

        (await orchestrator.RunAsync("Core.SqlSensor", new JsonObject { ["sql"] = "delete from public.landed returning 1" })).Message.ShouldNotBeNull().ShouldContain("read-only transaction");
    }

    [Fact]
    public async Task An_asset_sensor_finds_what_was_written_since_its_instant()
    {
        await using var orchestrator = await postgres.StartOrchestratorAsync();
        await orchestrator.ImportAsync(DagFactory.Make("writer", new TaskSettings { Outlets = ["warehouse/sales"] }));
        await orchestrator.Get<AssetStore>().AddEventAsync("warehouse/sales", 5, null, "test", None);
        var later = TimeProvider.System.GetUtcNow().AddMilliseconds(200);
        var run = await orchestrator.CreateRunAsync(BuiltInDag.Single(
            "Core.AssetSensor", new JsonObject { ["asset"] = "warehouse/sales", ["since"] = later.ToString("O"), ["pokeSeconds"] = 0.1 }));
        await orchestrator.WaitForTaskAsync(run, "a", "up_for_reschedule");
        await orchestrator.WaitAsync(run, _ => TimeProvider.System.GetUtcNow() > later);
        var written = await orchestrator.Get<AssetStore>().AddEventAsync("warehouse/sales", 5, null, "test", None);

        await orchestrator.WaitAsync(run, r => r.State == "success");

        (await orchestrator.Runs.TaskInstancesAsync(run, None)).Single().Outputs()["assetEventId"]!.GetValue<long>().ShouldBe(written);
    }

    [Fact]
    public async Task An_http_sensor_waits_for_status_and_member_and_an_absent_server_is_not_there_yet()
    {
        var calls = 0;
        await using var server = await LocalHttp.StartAsync(_ => Interlocked.Increment(ref calls) switch
        {
            1 => Results.StatusCode(503),
            2 => Results.Json(new { job = new { state = "running" } }),
            _ => Results.Json(new { job = new { state = "done" } }),
        });
        await using var orchestrator = await postgres.StartOrchestratorAsync();
        var instance = await orchestrator.RunAsync(
            "Core.HttpSensor", new JsonObject { ["url"] = server.Address.ToString(), ["pokeSeconds"] = 0.1, ["member"] = "job.state", ["value"] = "done" });
        (instance.State, calls).ShouldBe(("success", 3));

        var absent = await orchestrator.RunAsync("Core.HttpSensor", new JsonObject { ["url"] = "http://127.0.0.1:9/", ["pokeSeconds"] = 0.1, ["sensorTimeoutSeconds"] = 0.3 });
        (absent.State, absent.Cause).ShouldBe(("failed", "timeout"));
    }

    [Fact]
    public async Task An_external_task_sensor_waits_for_the_other_dags_task_of_the_same_date_and_fails_with_it()
    {
        var scripts = new Scripts();
        var gate = new TaskCompletionSource();
        scripts.ByTask["slow"] = async (_, _) =>
        {
            await gate.Task;
            return new ScriptedOutputs("done");
        };
        scripts.ByTask["bad"] = (_, _) => throw new TaskFailedException("broken", retryable: false);
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, scripts);
        await orchestrator.StartAsync();
        var other = DagFactory.Make("slow; bad");
        var otherRun = await orchestrator.CreateRunAsync(other);
        var date = (await orchestrator.Runs.GetAsync(otherRun, None)).LogicalDate;

        var waits = await TriggerAsync(orchestrator, BuiltInDag.Single("Core.ExternalTaskSensor", new JsonObject { ["dagId"] = other.DagId, ["taskId"] = "slow", ["pokeSeconds"] = 0.1 }), date);
        var fails = await TriggerAsync(orchestrator, BuiltInDag.Single("Core.ExternalTaskSensor", new JsonObject { ["dagId"] = other.DagId, ["taskId"] = "bad", ["pokeSeconds"] = 0.1 }), date);
        var shifted = await TriggerAsync(
            orchestrator,
            BuiltInDag.Single("Core.ExternalTaskSensor", new JsonObject { ["dagId"] = other.DagId, ["taskId"] = "slow", ["pokeSeconds"] = 0.1, ["offsetSeconds"] = 3600 }), date.AddHours(1));
        await orchestrator.WaitForTaskAsync(waits, "a", "up_for_reschedule");
        await orchestrator.WaitAsync(fails, r => r.State == "failed");
        gate.SetResult();

        await orchestrator.WaitAsync(waits, r => r.State == "success");
        await orchestrator.WaitAsync(shifted, r => r.State == "success");
    }

    [Fact]
    public async Task Trigger_dag_starts_one_run_however_often_it_is_tried_waits_for_it_and_a_clear_starts_another()
    {
        var scripts = new Scripts();
        var broken = true;
        scripts.ByTask["work"] = (context, _) => broken && context.Attempt.TryNumber == 1
            ? throw new TaskFailedException("not yet", retryable: false)
            : Task.FromResult<TaskResult<ScriptedOutputs>>(new ScriptedOutputs($"{context.Params["n"]}"));
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, scripts);
        await orchestrator.StartAsync();
        var child = DagFactory.Make("first>work", parameters: new DagParam("n", "integer", null, null));
        await orchestrator.ImportAsync(child);
        var parent = BuiltInDag.Single(
            "Core.TriggerDag", new JsonObject { ["dagId"] = child.DagId, ["params"] = new JsonObject { ["n"] = 5 }, ["wait"] = true },
            new TaskSettings { Retries = 1, RetryDelay = TimeSpan.FromMilliseconds(50) });

        var run = await orchestrator.RunAsync(parent);

        (await orchestrator.Runs.GetAsync(run, None)).State.ShouldBe("success");
        (await orchestrator.Runs.AttemptsAsync(run, "a", None)).Select(a => a.State).ShouldBe(["failed", "success"], "the second try finds the same run and lets what failed in it run again");
        var childRun = (await orchestrator.Runs.ListAsync(child.DagId, null, 10, null, None)).ShouldHaveSingleItem();
        childRun.ClearNumber.ShouldBe(1);
        scripts.Started.Count(s => s.TaskId == "first").ShouldBe(1);

        broken = false;
        await orchestrator.Get<RerunStore>().ClearAsync(run, new ClearSelection(OnlyFailed: false), dryRun: false, "test", None);
        await orchestrator.WaitAsync(run, r => r is { State: "success", ClearNumber: 1 });
        (await orchestrator.Runs.ListAsync(child.DagId, null, 10, null, None)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Trigger_dag_goes_on_as_soon_as_the_run_has_ended_though_the_sweep_is_far_away()
    {
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, null, o => o with { SweepInterval = TimeSpan.FromMinutes(5) });
        await orchestrator.StartAsync();
        var child = DagFactory.Make("first>second");
        await orchestrator.ImportAsync(child);

        var done = await orchestrator.RunAsync("Core.TriggerDag", new JsonObject { ["dagId"] = child.DagId, ["wait"] = true });

        (done.State, done.Outputs()["state"]!.GetValue<string>()).ShouldBe(("success", "success"));
    }

    [Fact]
    public async Task Trigger_dag_names_the_run_after_the_longest_ids_too()
    {
        await using var orchestrator = await postgres.StartOrchestratorAsync();
        var child = DagFactory.Make("work");
        await orchestrator.ImportAsync(child);
        var parent = BuiltInDag.Single("Core.TriggerDag", new JsonObject { ["dagId"] = child.DagId }) with { DagId = new string('p', 250) };

        var run = await orchestrator.RunAsync(parent);

        (await orchestrator.Runs.GetAsync(run, None)).State.ShouldBe("success");
        (await orchestrator.Runs.ListAsync(child.DagId, null, 10, null, None)).ShouldHaveSingleItem().RunKey.Length.ShouldBeLessThanOrEqualTo(250);
    }

    [Fact]
    public async Task Trigger_dag_does_not_wait_unless_told_refuses_itself_and_reports_wrong_params()
    {
        var scripts = new Scripts();
        var gate = new TaskCompletionSource();
        scripts.ByTask["work"] = async (_, _) =>
        {
            await gate.Task;
            return new ScriptedOutputs("x");
        };
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, scripts);
        await orchestrator.StartAsync();
        var child = DagFactory.Make("work");
        await orchestrator.ImportAsync(child);

        (await orchestrator.RunAsync("Core.TriggerDag", new JsonObject { ["dagId"] = child.DagId })).State.ShouldBe("success");
        gate.SetResult();
        (await orchestrator.RunAsync("Core.TriggerDag", new JsonObject { ["dagId"] = child.DagId, ["params"] = new JsonObject { ["x"] = 1 } })).Message.ShouldNotBeNull().ShouldContain("parameter 'x' is not declared");
        (await orchestrator.RunAsync("Core.TriggerDag", new JsonObject { ["dagId"] = "{{ dag_id }}", ["wait"] = true })).Message.ShouldNotBeNull().ShouldContain("cannot wait for a run of itself");
        (await orchestrator.RunAsync("Core.TriggerDag", new JsonObject { ["dagId"] = "nowhere" })).State.ShouldBe("failed");
    }

    private static async Task<long> TriggerAsync(TestOrchestrator orchestrator, Dag dag, DateTimeOffset date)
    {
        await orchestrator.ImportAsync(dag);
        return (await orchestrator.Get<ManualRuns>().TriggerAsync(dag.DagId, null, date, "test", None)).RunId;
    }
}
