using System.Globalization;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Execution;

/// <summary>The parent's side of isolation, with small shell programs as children.</summary>
public sealed class When_a_task_runs_in_its_own_process(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Its_result_is_taken_over_and_its_output_is_in_the_log()
    {
        await using var node = await NodeAsync(
            """echo hello; echo careful >&2; printf '{"attemptId":%s,"runId":1,"state":"success","outputs":"{\\"said\\":\\"hi\\"}","retryable":false}' "$1" > "$ECOM_ATTEMPT_RESULT" """);

        var run = await node.RunAsync(DagFactory.Make("a", Isolated()));

        var instance = (await node.Runs.TaskInstancesAsync(run, None)).ShouldHaveSingleItem();
        instance.State.ShouldBe("success", instance.Message);
        instance.Outputs.ShouldBe("""{"said": "hi"}""");
        var log = await node.Get<Storage.LogStore>().ReadAsync(instance.AttemptId!.Value, 0, 10, None);
        log.Select(l => (l.Level, l.Message)).ShouldBe([("info", "hello"), ("warning", "careful")], ignoreOrder: true);
    }

    [Fact]
    public async Task A_crash_takes_down_the_attempt_only()
    {
        await using var node = await NodeAsync("echo about to crash; kill -SEGV $$");

        var run = await node.RunAsync(DagFactory.Make("a>b", Isolated() with { InfraRetries = 1 }, of: t => t == "b" ? new TaskSettings { TriggerRule = TriggerRule.AllDone } : null));

        (await node.StatesAsync(run)).ShouldBe(new Dictionary<string, string> { ["a"] = "failed", ["b"] = "success" }, ignoreOrder: true);
        var attempts = await node.Runs.AttemptsAsync(run, "a", None);
        attempts.Count.ShouldBe(2);
        attempts[0].Cause.ShouldBe("worker_lost");
        attempts[0].Message.ShouldNotBeNull().ShouldContain("signal 11");
    }

    [Fact]
    public async Task A_timeout_kills_its_whole_process_group()
    {
        var marker = Path.Combine(Path.GetTempPath(), $"ecom-grandchild-{Guid.NewGuid():n}");
        await using var node = await NodeAsync($"trap '' TERM; (sleep 300) & echo $! > {marker}; wait; sleep 300");

        var run = await node.RunAsync(DagFactory.Make("a", Isolated() with { Timeout = TimeSpan.FromSeconds(1) }));

        var instance = (await node.Runs.TaskInstancesAsync(run, None)).ShouldHaveSingleItem();
        instance.Cause.ShouldBe("timeout");
        var grandchild = int.Parse(await File.ReadAllTextAsync(marker), CultureInfo.InvariantCulture);
        Orchestration.Execution.ProcessTable.StartTicks(grandchild).ShouldBeNull("what the child had started is gone with it");
        File.Delete(marker);
    }

    [Theory]
    [InlineData("trap '' TERM; sleep 300", "timeout")]
    [InlineData("exit 7", "worker_lost")]
    public async Task What_left_its_session_goes_with_it_and_holds_nothing_up(string end, string cause)
    {
        var marker = Path.Combine(Path.GetTempPath(), $"ecom-grandchild-{Guid.NewGuid():n}");
        // It holds the output that the node reads to its end.
        await using var node = await NodeAsync($"setsid sleep 300 & echo $! > {marker}; {end}");

        var run = await node.RunAsync(DagFactory.Make("a", Isolated() with { Timeout = end == "exit 7" ? null : TimeSpan.FromSeconds(1) }));

        var instance = (await node.Runs.TaskInstancesAsync(run, None)).ShouldHaveSingleItem();
        instance.Cause.ShouldBe(cause);
        var grandchild = int.Parse(await File.ReadAllTextAsync(marker), CultureInfo.InvariantCulture);
        await node.WaitUntilAsync(() => Task.FromResult(Orchestration.Execution.ProcessTable.StartTicks(grandchild) is null), "what the child had started is gone with it");
        File.Delete(marker);
    }

    [Fact]
    public async Task A_child_that_eats_memory_is_killed_with_cause_out_of_memory_and_its_last_lines_are_kept()
    {
        // tail keeps a line without end in memory.
        await using var node = await NodeAsync("echo eating; exec tail -n 1 /dev/zero");

        var run = await node.RunAsync(DagFactory.Make("a", Isolated() with { MemoryLimitMegabytes = 200 }));

        var instance = (await node.Runs.TaskInstancesAsync(run, None)).ShouldHaveSingleItem();
        instance.Cause.ShouldBe("out_of_memory");
        (await node.Get<Storage.LogStore>().ReadAsync(instance.AttemptId!.Value, 0, 10, None)).ShouldContain(l => l.Message == "eating");
    }

    private static TaskSettings Isolated() => new() { Isolation = TaskIsolation.Process, InfraRetries = 0 };

    private async Task<TestOrchestrator> NodeAsync(string script)
    {
        var node = await TestOrchestrator.CreateAsync(postgres, configure: o => o with { ChildCommand = ["bash", "-c", script, "child"] });
        await node.StartAsync();
        return node;
    }
}
