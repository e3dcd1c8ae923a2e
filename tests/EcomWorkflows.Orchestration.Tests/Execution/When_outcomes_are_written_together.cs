using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Testing;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Execution;

public sealed class When_outcomes_are_written_together(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_batch_takes_successes_and_retries_in_any_order(bool successFirst)
    {
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres);
        var run = await orchestrator.CreateRunAsync(DagFactory.Make("good; bad", new() { Retries = 1, RetryDelay = TimeSpan.FromHours(1) }));
        var node = await RegisterAsync(orchestrator);
        var claimed = (await orchestrator.Get<ClaimStore>().ClaimAsync(node, 10, None)).Where(c => c.RunId == run).ToDictionary(c => c.TaskId);
        AttemptOutcome[] outcomes =
        [
            AttemptOutcome.Succeeded(claimed["good"].AttemptId, run, "{}"),
            AttemptOutcome.Failed(claimed["bad"].AttemptId, run, FailureCause.UserError, "not today"),
        ];

        var fenced = await orchestrator.Get<CompletionStore>().CompleteAsync(successFirst ? outcomes : [.. outcomes.Reverse()], "test", None);

        fenced.ShouldBeEmpty();
        var states = await orchestrator.StatesAsync(run);
        states.ShouldBe(new Dictionary<string, string> { ["good"] = "success", ["bad"] = "up_for_retry" }, ignoreOrder: true);
        await orchestrator.Get<NodeStore>().StopAsync(node, None);
    }

    [Fact]
    public async Task The_node_gets_the_next_attempts_with_the_outcome_and_the_log_is_whole()
    {
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres);
        var run = await orchestrator.CreateRunAsync(DagFactory.Make("first>second; first>third"));
        var node = await RegisterAsync(orchestrator);
        var first = (await orchestrator.Get<ClaimStore>().ClaimAsync(node, 10, None)).Single(c => c.RunId == run);
        LogRow[] logs = [Row(first.AttemptId, "one"), Row(first.AttemptId, "two"), Row(0, "of an attempt that is gone")];

        var handOver = await orchestrator.Get<CompletionStore>().HandOverAsync(
            [AttemptOutcome.Succeeded(first.AttemptId, run, "{}")], logs, new NodeDemand(node, 10), "test", None);

        handOver.Refused.ShouldBeEmpty();
        handOver.IsQueueLeft.ShouldBeFalse();
        handOver.Started.Select(s => s.TaskId).ShouldBe(["second", "third"]);
        (await orchestrator.StatesAsync(run)).ShouldBe(new Dictionary<string, string> { ["first"] = "success", ["second"] = "running", ["third"] = "running" }, ignoreOrder: true);
        (await orchestrator.Get<LogStore>().ReadAsync(first.AttemptId, 0, 10, None)).Select(l => l.Message).ShouldBe(["one", "two"]);
        var events = (await orchestrator.Get<EventLog>().ListAsync(null, run, "second", 10, null, None)).Reverse();
        events.Select(e => (e.StateBefore, e.StateAfter)).ShouldBe([("none", "queued"), ("queued", "running")]);
        await orchestrator.Get<NodeStore>().StopAsync(node, None);
    }

    [Fact]
    public async Task Where_more_is_queued_than_the_node_takes_other_nodes_have_the_same_chance()
    {
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres);
        var run = await orchestrator.CreateRunAsync(DagFactory.Make("first>second; first>third"));
        var (node, other) = (await RegisterAsync(orchestrator), await RegisterAsync(orchestrator));
        var first = (await orchestrator.Get<ClaimStore>().ClaimAsync(node, 10, None)).Single(c => c.RunId == run);

        var handOver = await orchestrator.Get<CompletionStore>().HandOverAsync(
            [AttemptOutcome.Succeeded(first.AttemptId, run, "{}")], [], new NodeDemand(node, 1), "test", None);

        handOver.Started.ShouldBeEmpty();
        handOver.IsQueueLeft.ShouldBeTrue();
        (await orchestrator.Get<ClaimStore>().ClaimAsync(other, 10, None)).Select(c => c.TaskId).ShouldBe(["second", "third"]);
        await orchestrator.Get<NodeStore>().StopAsync(node, None);
        await orchestrator.Get<NodeStore>().StopAsync(other, None);
    }

    [Fact]
    public async Task Logs_go_with_their_run()
    {
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres);
        await orchestrator.StartAsync();
        var run = await orchestrator.RunAsync(DagFactory.Make("a>b"));
        var attempt = (await orchestrator.Runs.AttemptsAsync(run, "b", None)).ShouldHaveSingleItem().AttemptId;
        (await orchestrator.Get<LogStore>().ReadAsync(attempt, 0, 10, None)).ShouldNotBeEmpty();

        await orchestrator.Get<RunDeletion>().DeleteAsync([run], "test", None);

        (await orchestrator.Get<LogStore>().ReadAsync(attempt, 0, 10, None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_the_database_cannot_hold_is_replaced_in_a_log()
    {
        var scripts = new Scripts();
        scripts.ByTask["a"] = (context, _) =>
        {
            context.Logger.LogInformation("{Value} was read", "a\0b");
            return Task.FromResult<TaskResult<ScriptedOutputs>>(new ScriptedOutputs("read"));
        };
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, scripts);
        await orchestrator.StartAsync();

        var run = await orchestrator.RunAsync(DagFactory.Make("a"));

        (await orchestrator.Runs.GetAsync(run, None)).State.ShouldBe("success");
        var attempt = (await orchestrator.Runs.AttemptsAsync(run, "a", None)).ShouldHaveSingleItem().AttemptId;
        var row = (await orchestrator.Get<LogStore>().ReadAsync(attempt, 0, 10, None)).Single(l => l.Message.EndsWith("was read", StringComparison.Ordinal));
        row.Message.ShouldBe("a\uFFFDb was read");
    }

    [Fact]
    public async Task What_the_database_cannot_hold_is_replaced_in_outputs_and_messages()
    {
        var scripts = new Scripts();
        scripts.ByTask["good"] = (context, _) =>
        {
            context.ReportProgress(0.5, "half\0way");
            return Task.FromResult<TaskResult<ScriptedOutputs>>(new ScriptedOutputs("a\0b \\u0000"));
        };
        scripts.ByTask["bad"] = (_, _) => throw new TaskFailedException("no\0pe \ud800", retryable: false);
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, scripts);
        await orchestrator.StartAsync();

        var run = await orchestrator.RunAsync(DagFactory.Make("good; bad"));

        var instances = (await orchestrator.Runs.TaskInstancesAsync(run, None)).ToDictionary(i => i.TaskId);
        instances["good"].State.ShouldBe("success", instances["good"].Message);
        JsonNode.Parse(instances["good"].Outputs!)!.AsObject().Single().Value!.GetValue<string>().ShouldBe("a\uFFFDb \\u0000");
        instances["bad"].Message.ShouldNotBeNull().ShouldStartWith("no\uFFFDpe \uFFFD");
    }

    [Fact]
    public async Task Half_of_a_surrogate_pair_is_replaced_in_outputs()
    {
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres);
        var run = await orchestrator.CreateRunAsync(DagFactory.Make("a"));
        var node = await RegisterAsync(orchestrator);
        var claimed = (await orchestrator.Get<ClaimStore>().ClaimAsync(node, 10, None)).Single(c => c.RunId == run);

        await orchestrator.Get<CompletionStore>().CompleteAsync([AttemptOutcome.Succeeded(claimed.AttemptId, run, """{"value":"\ud83d\ude00\ud83d"}""")], "test", None);

        var outputs = (await orchestrator.Runs.TaskInstancesAsync(run, None)).Single().Outputs;
        JsonNode.Parse(outputs!)!["value"]!.GetValue<string>().ShouldBe("\U0001F600\uFFFD");
        await orchestrator.Get<NodeStore>().StopAsync(node, None);
    }

    private static LogRow Row(long attemptId, string message) => new(attemptId, DateTimeOffset.UnixEpoch, "info", "test", message, null, null);

    private static async Task<Guid> RegisterAsync(TestOrchestrator orchestrator)
    {
        var node = new NodeIdentity { NodeId = Guid.NewGuid(), Host = "test", BootId = "boot", ProcessId = 1, ProcessTicks = 1 };
        await orchestrator.Get<NodeStore>().RegisterAsync(node, TimeSpan.FromMinutes(5), "1.0", None);
        return node.NodeId;
    }
}
