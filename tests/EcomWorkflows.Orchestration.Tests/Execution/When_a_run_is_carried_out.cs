using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Testing;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Execution;

public sealed class When_a_run_is_carried_out(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Parallel_branches_join_and_every_task_runs_once_in_dependency_order()
    {
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres);
        await orchestrator.StartAsync();

        var run = await orchestrator.RunAsync(DagFactory.Make("a>b,c; b>d; c>d"));

        (await orchestrator.Runs.GetAsync(run, None)).State.ShouldBe("success");
        var order = orchestrator.Scripts.Started.Select(s => s.TaskId).ToList();
        order.Count.ShouldBe(4);
        order[0].ShouldBe("a");
        order[3].ShouldBe("d");
    }

    [Fact]
    public async Task A_failing_task_is_retried_after_its_delay_and_the_run_succeeds()
    {
        var scripts = new Scripts();
        scripts.ByTask["b"] = (context, _) => context.Attempt.TryNumber < 3
            ? throw new InvalidOperationException("not yet")
            : Task.FromResult<TaskResult<ScriptedOutputs>>(new ScriptedOutputs("third time"));
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, scripts);
        await orchestrator.StartAsync();

        var run = await orchestrator.RunAsync(DagFactory.Make("a>b; b>c", new TaskSettings { Retries = 2, RetryDelay = TimeSpan.FromMilliseconds(50) }));

        (await orchestrator.Runs.GetAsync(run, None)).State.ShouldBe("success");
        var attempts = await orchestrator.Runs.AttemptsAsync(run, "b", None);
        attempts.Select(a => (a.TryNumber, a.State)).ShouldBe([(1, "failed"), (2, "failed"), (3, "success")]);
        attempts[0].Cause.ShouldBe("user_error");
        attempts[0].Message.ShouldBe("InvalidOperationException: not yet");
    }

    [Fact]
    public async Task What_a_library_has_no_memory_for_is_told_as_out_of_memory_in_its_words()
    {
        var scripts = new Scripts();
        scripts.ByTask["a"] = (_, _) => throw new InvalidOperationException("512 MB are used", new InsufficientMemoryException());
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, scripts);
        await orchestrator.StartAsync();

        var run = await orchestrator.RunAsync(DagFactory.Make("a"));

        var attempt = (await orchestrator.Runs.AttemptsAsync(run, "a", None)).ShouldHaveSingleItem();
        (attempt.Cause, attempt.Message).ShouldBe(("out_of_memory", "InvalidOperationException: 512 MB are used"));
    }

    [SmallDiskFact]
    public async Task A_full_disk_is_named_as_the_cause_and_the_next_try_succeeds_when_there_is_room()
    {
        using var disk = new SmallDisk(1);
        var scripts = new Scripts();
        scripts.ByTask["a"] = async (context, stop) =>
        {
            if (context.Attempt.TryNumber == 2)
                disk.Free();
            await File.WriteAllBytesAsync(Path.Combine(disk.Folder, "out"), new byte[100_000], stop);
            return new ScriptedOutputs("written");
        };
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, scripts);
        await orchestrator.StartAsync();
        disk.Fill();

        var run = await orchestrator.RunAsync(DagFactory.Make("a", new TaskSettings { InfraRetries = 1, RetryDelay = TimeSpan.Zero }));

        var attempts = await orchestrator.Runs.AttemptsAsync(run, "a", None);
        attempts.Select(a => (a.State, a.Cause)).ShouldBe([("failed", "dependency"), ("success", null)]);
        attempts[0].Message.ShouldNotBeNull().ShouldStartWith("The disk is full. Free some space, then run the task again; nothing was published. IOException: ");
    }

    [Fact]
    public async Task A_task_that_fails_for_good_stops_its_branch_only_and_rerun_of_the_failed_heals_the_run()
    {
        var scripts = new Scripts();
        var broken = true;
        scripts.ByTask["b"] = (_, _) => broken
            ? throw new TaskFailedException("the source is broken", FailureCause.BadData, retryable: false)
            : Task.FromResult<TaskResult<ScriptedOutputs>>(new ScriptedOutputs("mended"));
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, scripts);
        await orchestrator.StartAsync();

        var run = await orchestrator.RunAsync(DagFactory.Make("a>b,c; b>d; d>e; c>f", new TaskSettings { Retries = 5 }));

        (await orchestrator.Runs.GetAsync(run, None)).State.ShouldBe("failed");
        var states = await orchestrator.StatesAsync(run);
        states.ShouldBe(new Dictionary<string, string>
        {
            ["a"] = "success", ["b"] = "failed", ["c"] = "success", ["d"] = "upstream_failed", ["e"] = "upstream_failed", ["f"] = "success",
        }, ignoreOrder: true);

        broken = false;
        var preview = await orchestrator.Get<RerunStore>().ClearAsync(run, new ClearSelection(OnlyFailed: true), dryRun: true, "test", None);
        preview.Cleared.ShouldBe(["b", "d", "e"]);
        (await orchestrator.StatesAsync(run))["b"].ShouldBe("failed", "a dry run changes nothing");
        await orchestrator.Get<RerunStore>().ClearAsync(run, new ClearSelection(OnlyFailed: true), dryRun: false, "test", None);
        var healed = await orchestrator.WaitAsync(run, r => r.State == "success");

        healed.ClearNumber.ShouldBe(1);
        orchestrator.Scripts.Started.Count(s => s.TaskId is "a" or "c" or "f").ShouldBe(3, "what had succeeded is not repeated");
        (await orchestrator.Runs.AttemptsAsync(run, "b", None)).Select(a => a.State).ShouldBe(["failed", "success"]);
    }

    [Fact]
    public async Task Clearing_only_the_failed_task_heals_what_its_failure_had_decided()
    {
        var scripts = new Scripts();
        var broken = true;
        scripts.ByTask["a"] = (_, _) => broken ? throw new TaskFailedException("no", retryable: false) : Said("yes");
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, scripts);
        await orchestrator.StartAsync();
        var run = await orchestrator.RunAsync(DagFactory.Make("a>b; b>c"));
        (await orchestrator.StatesAsync(run))["c"].ShouldBe("upstream_failed");

        broken = false;
        var preview = await orchestrator.Get<RerunStore>().ClearAsync(run, new ClearSelection(["a"]), dryRun: false, "test", None);

        preview.Cleared.ShouldBe(["a"]);
        preview.Rederived.ShouldBe(["b", "c"]);
        (await orchestrator.WaitAsync(run, r => r.State is "success" or "failed")).State.ShouldBe("success");
    }

    [Fact]
    public async Task A_skipped_task_skips_what_needs_all_successes()
    {
        var scripts = new Scripts();
        scripts.ByTask["a"] = (_, _) => Task.FromResult<TaskResult<ScriptedOutputs>>(new TaskResult<ScriptedOutputs>.Skipped("nothing to do"));
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, scripts);
        await orchestrator.StartAsync();

        var run = await orchestrator.RunAsync(DagFactory.Make("a>b; b>c", of: t => t == "c" ? new TaskSettings { TriggerRule = TriggerRule.AllDone } : null));

        (await orchestrator.Runs.GetAsync(run, None)).State.ShouldBe("success");
        (await orchestrator.StatesAsync(run)).ShouldBe(new Dictionary<string, string> { ["a"] = "skipped", ["b"] = "skipped", ["c"] = "success" }, ignoreOrder: true);
    }

    [Fact]
    public async Task An_attempt_past_its_time_limit_is_stopped_with_cause_timeout()
    {
        var scripts = new Scripts();
        scripts.ByTask["a"] = async (_, stop) =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            return new ScriptedOutputs("never");
        };
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, scripts);
        await orchestrator.StartAsync();

        var run = await orchestrator.RunAsync(DagFactory.Make("a", new TaskSettings { Timeout = TimeSpan.FromMilliseconds(300) }));

        var instance = (await orchestrator.Runs.TaskInstancesAsync(run, None)).ShouldHaveSingleItem();
        instance.State.ShouldBe("failed");
        instance.Cause.ShouldBe("timeout");
    }

    [Fact]
    public async Task Cancelling_a_run_stops_its_attempt_and_nothing_more_of_it_starts()
    {
        var scripts = new Scripts();
        var stopped = new TaskCompletionSource();
        scripts.ByTask["a"] = async (_, stop) =>
        {
            stop.Register(stopped.SetResult);
            await Task.Delay(Timeout.Infinite, stop);
            return new ScriptedOutputs("never");
        };
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, scripts);
        await orchestrator.StartAsync();
        var run = await orchestrator.CreateRunAsync(DagFactory.Make("a>b", new TaskSettings { Retries = 3 }));
        await orchestrator.WaitForTaskAsync(run, "a", "running");

        (await orchestrator.Get<RerunStore>().CancelAsync(run, "anna", None)).ShouldBeTrue();
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(90));

        var ended = await orchestrator.WaitAsync(run, r => r.State == "failed");
        ended.Message.ShouldBe("cancelled by anna");
        (await orchestrator.Runs.TaskInstancesAsync(run, None)).ShouldAllBe(t => t.State == "failed" && t.Cause == "cancelled");
        (await orchestrator.Get<RerunStore>().CancelAsync(run, "anna", None)).ShouldBeFalse("it has ended");
        (await orchestrator.Runs.AttemptsAsync(run, "a", None)).ShouldHaveSingleItem().State.ShouldBe("fenced");
    }

    [Fact]
    public async Task Parameters_are_checked_and_fill_templates()
    {
        var scripts = new Scripts();
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, scripts);
        await orchestrator.StartAsync();
        var dag = DagFactory.Make("a", dag: null, parameters: [new DagParam("source", "string", null, JsonValue.Create("shop"))]);
        dag = dag with { Tasks = [dag.Tasks[0] with { Inputs = new JsonObject { ["text"] = "from {{ params.source }} at {{ ds }}" } }] };

        var run = await orchestrator.RunAsync(dag, new JsonObject { ["source"] = "elsewhere" });

        var outputs = (await orchestrator.Runs.TaskInstancesAsync(run, None)).ShouldHaveSingleItem().Outputs.ShouldNotBeNull();
        outputs.ShouldContain("a#1:from elsewhere at 2");
        var refused = await Should.ThrowAsync<OrchestrationException>(() => orchestrator.CreateRunAsync(dag, new JsonObject { ["source"] = 3, ["sorce"] = "x" }));
        refused.Message.ShouldContain("'source' must be string, got 3");
        refused.Message.ShouldContain("'sorce' is not declared; declared: source");
    }

    [Fact]
    public async Task Logs_are_kept_per_attempt_in_order_with_fields_and_masked_secrets()
    {
        var scripts = new Scripts();
        scripts.ByTask["a"] = (context, _) =>
        {
            context.Logger.LogInformation("Read {Rows} rows with password {Password}", 42, "hunter2hunter2");
            return context.Attempt.TryNumber == 1 ? throw new InvalidOperationException("first try") : Said("second");
        };
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, scripts);
        orchestrator.Get<Orchestration.Execution.SecretMasker>().Add("hunter2hunter2");
        await orchestrator.StartAsync();

        var run = await orchestrator.RunAsync(DagFactory.Make("a", new TaskSettings { Retries = 1, RetryDelay = TimeSpan.Zero }));

        foreach (var attempt in await orchestrator.Runs.AttemptsAsync(run, "a", None))
        {
            var log = await orchestrator.Get<LogStore>().ReadAsync(attempt.AttemptId, 0, 100, None);
            log[0].Message.ShouldBe($"Try {attempt.TryNumber} of a started");
            log[1].Message.ShouldBe("Read 42 rows with password ***");
            JsonNode.Parse(log[1].Fields!)!["Rows"]!.GetValue<int>().ShouldBe(42);
            log[1].Fields!.ShouldNotContain("hunter2");
            log.Count.ShouldBe(3);
        }
    }

    [Fact]
    public async Task Outputs_the_database_cannot_hold_fail_the_task_and_say_so()
    {
        var scripts = new Scripts();
        scripts.ByTask["a"] = (_, _) => Task.FromResult<TaskResult<ScriptedOutputs>>(new ScriptedOutputs("a number") { More = JsonNode.Parse("1e200000") });
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, scripts);
        await orchestrator.StartAsync();

        var run = await orchestrator.RunAsync(DagFactory.Make("a>b"));

        var failed = (await orchestrator.Runs.TaskInstancesAsync(run, None))[0];
        failed.State.ShouldBe("failed");
        failed.Message.ShouldNotBeNull().ShouldContain("could not be stored");
    }

    [Fact]
    public async Task Runs_above_max_active_runs_wait_and_start_when_one_ends()
    {
        var scripts = new Scripts();
        var gate = new TaskCompletionSource();
        scripts.ByTask["a"] = async (_, _) =>
        {
            await gate.Task;
            return new ScriptedOutputs("done");
        };
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, scripts);
        await orchestrator.StartAsync();
        var dag = DagFactory.Make("a", dag: new DagSettings { MaxActiveRuns = 1 });
        var first = await orchestrator.CreateRunAsync(dag);
        var second = await orchestrator.CreateRunAsync(dag);
        await orchestrator.WaitForTaskAsync(first, "a", "running");

        (await orchestrator.Runs.GetAsync(second, None)).State.ShouldBe("queued");
        gate.SetResult();
        await orchestrator.WaitAsync(second, r => r.State == "success");
    }

    [Fact]
    public async Task A_pool_is_never_exceeded()
    {
        var scripts = new Scripts();
        var (running, most) = (0, 0);
        Func<TaskContext, CancellationToken, Task<TaskResult<ScriptedOutputs>>> work = async (_, _) =>
        {
            var now = Interlocked.Increment(ref running);
            lock (scripts)
                most = Math.Max(most, now);
            await Task.Delay(20, CancellationToken.None);
            Interlocked.Decrement(ref running);
            return new ScriptedOutputs("done");
        };
        for (var i = 0; i < 12; i++)
            scripts.ByTask[$"t{i}"] = work;
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, scripts, o => o with { Slots = 8 });
        await using (var connection = await postgres.DataSource.OpenConnectionAsync())
            await Dapper.SqlMapper.ExecuteAsync(connection, "insert into orchestration.pool (name, slots) values ('narrow', 3)");
        await orchestrator.StartAsync();

        var run = await orchestrator.RunAsync(DagFactory.Make(string.Join(";", Enumerable.Range(0, 12).Select(i => $"t{i}")), new TaskSettings { Pool = "narrow" }));

        (await orchestrator.Runs.GetAsync(run, None)).State.ShouldBe("success");
        most.ShouldBe(3);
    }

    private static Task<TaskResult<ScriptedOutputs>> Said(string text) => Task.FromResult<TaskResult<ScriptedOutputs>>(new ScriptedOutputs(text));
}
