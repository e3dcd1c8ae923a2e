using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Testing;
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
        var node = new NodeIdentity { NodeId = Guid.NewGuid(), Host = "test", BootId = "boot", ProcessId = 1, ProcessTicks = 1 };
        await orchestrator.Get<NodeStore>().RegisterAsync(node, TimeSpan.FromMinutes(5), "1.0", None);
        var claimed = (await orchestrator.Get<ClaimStore>().ClaimAsync(node.NodeId, 10, None)).Where(c => c.RunId == run).ToDictionary(c => c.TaskId);
        AttemptOutcome[] outcomes =
        [
            AttemptOutcome.Succeeded(claimed["good"].AttemptId, run, "{}"),
            AttemptOutcome.Failed(claimed["bad"].AttemptId, run, FailureCause.UserError, "not today"),
        ];

        var fenced = await orchestrator.Get<CompletionStore>().CompleteAsync(successFirst ? outcomes : [.. outcomes.Reverse()], "test", None);

        fenced.ShouldBeEmpty();
        var states = await orchestrator.StatesAsync(run);
        states.ShouldBe(new Dictionary<string, string> { ["good"] = "success", ["bad"] = "up_for_retry" }, ignoreOrder: true);
    }
}
