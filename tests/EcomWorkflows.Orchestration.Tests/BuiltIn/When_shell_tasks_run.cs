using System.Diagnostics;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Secrets;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tests.Execution;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.BuiltIn;

public sealed class When_shell_tasks_run(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Shell_streams_its_output_to_the_log_and_gets_values_by_environment()
    {
        await using var orchestrator = await postgres.StartOrchestratorAsync();
        await orchestrator.Get<VariableStore>().SetAsync("shell_secret", "top-secret-9", isSecret: true, null, "test", None);
        var done = await orchestrator.RunAsync("Core.Shell", new JsonObject
        {
            ["command"] = """
                echo "day $DAY of $ECOM_DAG_ID"; echo "secret $TOKEN"; echo "database ${ECOM_DATABASE:-none}"; cat; i=0; while [ $i -lt 20 ]; do i=$((i+1)); echo line $i; done; pwd
                """,
            ["environment"] = new JsonObject { ["DAY"] = "{{ ds }}", ["TOKEN"] = "{{ var.shell_secret }}" },
            ["maxLogLines"] = 10,
        });

        done.Outputs()["exitCode"]!.GetValue<int>().ShouldBe(0);
        done.Outputs()["lastLine"]!.GetValue<string>().ShouldEndWith($"attempt-{done.AttemptId}");
        var log = (await orchestrator.Get<LogStore>().ReadAsync(done.AttemptId!.Value, 0, 100, None)).Select(l => l.Message).ToList();
        log.ShouldContain(l => l.StartsWith("day 20"));
        log.ShouldContain("secret ***");
        log.ShouldContain("database none");
        log.ShouldContain("14 more lines of output were not kept (maxLogLines is 10)");

        var warned = await orchestrator.RunAsync("Core.Shell", new JsonObject { ["command"] = "echo careful >&2" });
        (await orchestrator.Get<LogStore>().ReadAsync(warned.AttemptId!.Value, 0, 100, None)).ShouldContain(l => l.Message == "careful");
    }

    [Theory]
    [InlineData("exit 99", "skipped", "nothing to do")]
    [InlineData("echo broken >&2; exit 3", "failed", "exit code 3. Its last words: broken")]
    [InlineData("kill -TERM $$", "failed", "signal 15")]
    [InlineData("exit 192", "failed", "signal 64")]
    [InlineData("exit 193", "failed", "exit code 193")]
    [InlineData("exit 255", "failed", "exit code 255")]
    public async Task Shell_says_how_the_command_ended(string command, string state, string message)
    {
        await using var orchestrator = await postgres.StartOrchestratorAsync();
        var done = await orchestrator.RunAsync("Core.Shell", new JsonObject { ["command"] = command });
        done.State.ShouldBe(state);
        done.Message.ShouldNotBeNull().ShouldContain(message);
    }

    [Theory]
    [InlineData("timeout")]
    [InlineData("cancel")]
    public async Task Shell_kills_the_whole_process_group_on_timeout_and_cancel(string how)
    {
        await using var orchestrator = await postgres.StartOrchestratorAsync();
        var pidFile = Path.Combine(Path.GetTempPath(), $"ecom-shell-{Guid.NewGuid():n}");
        var dag = BuiltInDag.Single(
            "Core.Shell",
            // The grandchild does not listen to SIGTERM and would live for ever.
            new JsonObject { ["command"] = "sh -c 'trap \"\" TERM; echo $$ > \"$FILE\"; while true; do sleep 1; done' & wait", ["environment"] = new JsonObject { ["FILE"] = pidFile } },
            new TaskSettings { Timeout = how == "timeout" ? TimeSpan.FromSeconds(1) : null });
        var run = await orchestrator.CreateRunAsync(dag);
        await orchestrator.WaitAsync(run, _ => File.Exists(pidFile) && File.ReadAllText(pidFile).EndsWith('\n'));
        var grandchild = int.Parse(File.ReadAllText(pidFile));

        if (how == "cancel")
            await orchestrator.Get<RerunStore>().CancelAsync(run, "test", None);
        await orchestrator.WaitAsync(run, r => r.State == "failed");

        await orchestrator.WaitAsync(run, _ => !IsAlive(grandchild));
        var instance = (await orchestrator.Runs.TaskInstancesAsync(run, None)).Single();
        instance.Cause.ShouldBe(how == "timeout" ? "timeout" : "cancelled");
        File.Delete(pidFile);
    }

    [Theory]
    [InlineData("end", "failed")]
    [InlineData("timeout", "timeout")]
    [InlineData("cancel", "cancelled")]
    public async Task Shell_does_not_wait_for_a_process_that_left_its_session_without_its_mark_and_holds_its_output(string how, string expected)
    {
        await using var orchestrator = await postgres.StartOrchestratorAsync();
        var pidFile = Path.Combine(Path.GetTempPath(), $"ecom-shell-{Guid.NewGuid():n}");
        var dag = BuiltInDag.Single(
            "Core.Shell",
            new JsonObject
            {
                ["command"] = $"env -u ECOM_ATTEMPT setsid sh -c 'echo $$ > \"$FILE\"; exec sleep 300' & until [ -s \"$FILE\" ]; do sleep 0.01; done; echo last; {(how == "end" ? "exit 3" : "sleep 300")}",
                ["environment"] = new JsonObject { ["FILE"] = pidFile },
            },
            new TaskSettings { Timeout = how == "timeout" ? TimeSpan.FromSeconds(1) : null });
        var run = await orchestrator.CreateRunAsync(dag);
        await orchestrator.WaitAsync(run, _ => File.Exists(pidFile) && File.ReadAllText(pidFile).EndsWith('\n'));
        using var left = Process.GetProcessById(int.Parse(File.ReadAllText(pidFile)));

        if (how == "cancel")
            await orchestrator.Get<RerunStore>().CancelAsync(run, "test", None);
        await orchestrator.WaitAsync(run, r => r.State == "failed");

        var instance = (await orchestrator.Runs.TaskInstancesAsync(run, None)).Single();
        (how == "end" ? instance.State : instance.Cause).ShouldBe(expected);
        if (how == "end")
            instance.Message.ShouldNotBeNull().ShouldStartWith("The command ended with exit code 3. Its last words: last");
        await orchestrator.WaitUntilAsync(
            async () => (await orchestrator.Get<LogStore>().ReadAsync(instance.AttemptId!.Value, 0, 100, None)).Any(l => l.Message.StartsWith("A process that the command has left behind still holds its output")),
            "the log tells of the process");
        left.HasExited.ShouldBeFalse();
        left.Kill();
        File.Delete(pidFile);
    }

    [Theory]
    [InlineData("end well", "success", true)]
    [InlineData("skip", "skipped", true)]
    [InlineData("end badly", "failed", false)]
    [InlineData("timeout", "failed", false)]
    [InlineData("cancel", "failed", false)]
    public async Task Shell_lets_what_left_its_session_live_on_only_if_the_command_ended_well(string how, string state, bool livesOn)
    {
        await using var orchestrator = await postgres.StartOrchestratorAsync();
        var pidFile = Path.Combine(Path.GetTempPath(), $"ecom-shell-{Guid.NewGuid():n}");
        var end = how switch { "end well" => "exit 0", "skip" => "exit 99", "end badly" => "exit 3", _ => "sleep 300" };
        var dag = BuiltInDag.Single(
            "Core.Shell",
            new JsonObject
            {
                // What left starts a child of its own, and neither listens to SIGTERM.
                ["command"] = $"setsid sh -c 'trap \"\" TERM; sleep 300 & echo $$ $! > \"$FILE\"; wait' >/dev/null 2>&1 & until [ -s \"$FILE\" ]; do sleep 0.01; done; {end}",
                ["environment"] = new JsonObject { ["FILE"] = pidFile },
            },
            new TaskSettings { Timeout = how == "timeout" ? TimeSpan.FromSeconds(1) : null });
        var run = await orchestrator.CreateRunAsync(dag);
        await orchestrator.WaitAsync(run, _ => File.Exists(pidFile) && File.ReadAllText(pidFile).EndsWith('\n'));
        var left = File.ReadAllText(pidFile).Split(' ').Select(int.Parse).ToList();

        if (how == "cancel")
            await orchestrator.Get<RerunStore>().CancelAsync(run, "test", None);
        await orchestrator.WaitAsync(run, r => r.State is "success" or "failed");

        var instance = (await orchestrator.Runs.TaskInstancesAsync(run, None)).Single();
        instance.State.ShouldBe(state, instance.Message);
        if (livesOn)
            left.Select(IsAlive).ShouldBe([true, true]);
        else
            await orchestrator.WaitUntilAsync(() => Task.FromResult(!left.Any(IsAlive)), "both are gone");
        foreach (var process in left.Where(IsAlive))
        {
            using var living = Process.GetProcessById(process);
            living.Kill();
        }
        File.Delete(pidFile);
    }

    [Fact]
    public async Task Shell_takes_what_left_its_session_with_it_when_the_node_is_killed()
    {
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres);
        var pidFile = Path.Combine(Path.GetTempPath(), $"ecom-shell-{Guid.NewGuid():n}");
        var run = await orchestrator.CreateRunAsync(BuiltInDag.Single(
            "Core.Shell",
            new JsonObject
            {
                ["command"] = "sleep 300 & inside=$!; setsid sh -c \"echo $inside \\$\\$ > '$FILE'; exec sleep 300\" >/dev/null 2>&1 & wait",
                ["environment"] = new JsonObject { ["FILE"] = pidFile },
            }));
        await using var worker = WorkerProcess.Start(postgres.ConnectionString);
        await orchestrator.WaitAsync(run, _ => File.Exists(pidFile) && File.ReadAllText(pidFile).EndsWith('\n'));
        var started = File.ReadAllText(pidFile).Split(' ').Select(int.Parse).ToList();
        started.Select(IsAlive).ShouldBe([true, true]);

        worker.Kill();

        await orchestrator.WaitUntilAsync(() => Task.FromResult(!started.Any(IsAlive)), "both are gone");
        File.Delete(pidFile);
    }

    private static bool IsAlive(int processId) =>
        File.Exists($"/proc/{processId}/stat") && File.ReadAllText($"/proc/{processId}/stat").Split(") ")[1][0] != 'Z';
}
