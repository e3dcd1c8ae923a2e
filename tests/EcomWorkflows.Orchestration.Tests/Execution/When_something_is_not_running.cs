using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Execution;

/// <summary>That the reader finds the facts; what follows from them is tested without a database.</summary>
public sealed class When_something_is_not_running(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Without_a_node_it_says_so_and_downstreams_name_their_upstreams()
    {
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres);
        var run = await orchestrator.CreateRunAsync(DagFactory.Make("a>b"));
        await NoNodeAsync();

        var wait = await orchestrator.Get<WaitReader>().OfRunAsync(run, None);

        wait.Instances.Select(i => (i.TaskId, i.Reasons[0].Kind)).ShouldBe([("a", WaitKind.NoLiveNode), ("b", WaitKind.Upstreams)]);
    }

    [Fact]
    public async Task A_paused_dag_a_full_pool_and_a_waiting_retry_are_named_with_their_data()
    {
        var scripts = new Scripts();
        scripts.ByTask["hold"] = async (_, stop) =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            return new ScriptedOutputs("never");
        };
        scripts.ByTask["flaky"] = (_, _) => throw new InvalidOperationException("not yet");
        await using var node = await TestOrchestrator.CreateAsync(postgres, scripts);
        await node.StartAsync();
        await node.Get<PoolStore>().SetAsync("one", 1, null, "test", None);
        var run = await node.CreateRunAsync(DagFactory.Make(
            "hold; next; flaky",
            of: task => task == "flaky"
                ? new TaskSettings { Retries = 1, RetryDelay = TimeSpan.FromHours(1) }
                : new TaskSettings { Pool = "one", PriorityWeight = task == "hold" ? 2 : 1 }));
        await node.WaitForTaskAsync(run, "hold", "running");
        await node.WaitForTaskAsync(run, "flaky", "up_for_retry");

        var reasons = (await node.Get<WaitReader>().OfRunAsync(run, None)).Instances.ToDictionary(i => i.TaskId, i => i.Reasons.ShouldHaveSingleItem());

        reasons.Keys.ShouldBe(["next", "flaky"], ignoreOrder: true);
        reasons["next"].Kind.ShouldBe(WaitKind.Pool);
        reasons["next"].Holders.Select(h => h.TaskId).ShouldBe(["hold"]);
        reasons["flaky"].Kind.ShouldBe(WaitKind.Retry);
        reasons["flaky"].At!.Value.ShouldBeGreaterThan(DateTimeOffset.UnixEpoch);

        var dagId = (await node.Runs.GetAsync(run, None)).DagId;
        await node.Get<DagStore>().SetPausedAsync(dagId, paused: true, "test", None);
        (await node.Get<WaitReader>().OfDagAsync(dagId, None)).Select(r => r.Kind).ShouldBe([WaitKind.PausedDag, WaitKind.Schedule]);
        await node.Get<RerunStore>().CancelAsync(run, "test", None);
        (await node.Get<WaitReader>().OfRunAsync(run, None)).Instances.ShouldBeEmpty();
        (await Should.ThrowAsync<NotFoundException>(() => node.Get<WaitReader>().OfRunAsync(-1, None))).Message.ShouldBe("There is no run -1.");
    }

    private async Task NoNodeAsync()
    {
        await using var connection = await postgres.DataSource.OpenConnectionAsync();
        await Dapper.SqlMapper.ExecuteAsync(connection, "update orchestration.node set stopped_at = clock_timestamp() where stopped_at is null");
    }
}
