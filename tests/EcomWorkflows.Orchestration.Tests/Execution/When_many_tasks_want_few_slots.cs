using Dapper;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Execution;

/// <summary>Limits over several nodes, checked afterwards over the event log: at no moment did more hold slots or places than there were.</summary>
public sealed class When_many_tasks_want_few_slots(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Seven_of_very_many_run_at_once_on_several_nodes_and_all_end(int nodes)
    {
        var dag = DagFactory.Make(string.Join(";", Enumerable.Range(0, 1000).Select(i => $"t{i}")), new TaskSettings { Pool = "seven" });
        var running = new List<TestOrchestrator>();
        for (var i = 0; i < nodes; i++)
            running.Add(await TestOrchestrator.CreateAsync(postgres, configure: o => o with { Slots = 16, Lease = TimeSpan.FromMinutes(1) }));
        try
        {
            await running[0].Get<PoolStore>().SetAsync("seven", 7, null, "test", None);
            foreach (var node in running)
                await node.StartAsync();
            var run = await running[0].CreateRunAsync(dag);
            (await running[0].WaitAsync(run, r => r.State is "success" or "failed", TimeSpan.FromSeconds(240))).State.ShouldBe("success");

            (await PeakAsync("run_id = @run", new { run })).ShouldBe(7);
            await using var connection = await postgres.DataSource.OpenConnectionAsync();
            (await connection.ExecuteScalarAsync<int>("select count(distinct node_id)::int from orchestration.task_attempt where run_id = @run", new { run })).ShouldBe(nodes);
        }
        finally
        {
            foreach (var node in running)
                await node.DisposeAsync();
        }
    }

    [Fact]
    public async Task Caps_of_the_dag_the_run_and_the_task_hold_over_all_its_runs()
    {
        var dag = DagFactory.Make(
            string.Join(";", Enumerable.Range(0, 20).Select(i => $"t{i}")),
            of: task => new TaskSettings { MaxActiveInstances = task is "t0" or "t1" ? 1 : null },
            dag: new DagSettings { MaxActiveTasks = 5, MaxActiveTasksPerRun = 3 });
        await using var node = await TestOrchestrator.CreateAsync(postgres, configure: o => o with { Slots = 16 });
        var runs = new List<long>();
        for (var i = 0; i < 4; i++)
            runs.Add(await node.CreateRunAsync(dag));
        await node.StartAsync();
        foreach (var run in runs)
            await node.WaitAsync(run, r => r.State == "success");

        (await PeakAsync("run_id = any(@runs)", new { runs })).ShouldBe(5);
        foreach (var run in runs)
            (await PeakAsync("run_id = @run", new { run })).ShouldBeLessThanOrEqualTo(3);
        (await PeakAsync("run_id = any(@runs) and task_id = 't0'", new { runs })).ShouldBe(1);
    }

    [Fact]
    public async Task Weight_then_logical_date_then_id_decide_who_starts_first()
    {
        var heavy = DagFactory.Make("a; b", of: task => new TaskSettings { PriorityWeight = task == "b" ? 10 : 1 });
        await using var node = await TestOrchestrator.CreateAsync(postgres, configure: o => o with { Slots = 1 });
        var first = await node.CreateRunAsync(heavy);
        var second = await node.CreateRunAsync(heavy);
        await node.StartAsync();
        await node.WaitAsync(first, r => r.State == "success");
        await node.WaitAsync(second, r => r.State == "success");

        node.Scripts.Started.Select(s => (s.RunId, s.TaskId)).ShouldBe([(first, "b"), (second, "b"), (first, "a"), (second, "a")]);
    }

    [Fact]
    public async Task Full_pools_and_capped_dags_at_the_head_of_the_queue_hold_nobody_else_up()
    {
        var node = await TestOrchestrator.CreateAsync(postgres);
        await using var owned = node;
        await node.Get<PoolStore>().SetAsync("none", 0, null, "test", None);
        await node.CreateRunAsync(DagFactory.Make(string.Join(";", Enumerable.Range(0, 500).Select(i => $"t{i}")), new TaskSettings { Pool = "none", PriorityWeight = 100 }));
        var gate = new TaskCompletionSource();
        node.Scripts.ByTask["held"] = async (_, stop) =>
        {
            await gate.Task.WaitAsync(stop);
            return new ScriptedOutputs("done");
        };
        await node.CreateRunAsync(DagFactory.Make(
            string.Join(";", Enumerable.Range(0, 500).Select(i => $"t{i}").Prepend("held")), of: task => new TaskSettings { PriorityWeight = task == "held" ? 99 : 50 },
            dag: new DagSettings { MaxActiveTasks = 1 }));
        var other = await node.CreateRunAsync(DagFactory.Make("last"));
        await node.StartAsync();

        (await node.WaitAsync(other, r => r.State is "success" or "failed")).State.ShouldBe("success");
        gate.SetResult();
    }

    [Fact]
    public async Task Pools_are_made_changed_and_deleted_and_what_cannot_be_is_refused()
    {
        await using var node = await TestOrchestrator.CreateAsync(postgres);
        var pools = node.Get<PoolStore>();

        (await pools.SetAsync("gpu", 2, "cards", "test", None)).ShouldBeTrue();
        (await pools.SetAsync("gpu", 3, null, "test", None)).ShouldBeFalse();
        (await pools.GetAsync("gpu", None)).ShouldBe(new PoolInfo { Name = "gpu", Slots = 3, Description = "cards" });
        await pools.DeleteAsync("gpu", "test", None);
        (await Should.ThrowAsync<NotFoundException>(() => pools.GetAsync("gpu", None))).Message.ShouldContain("default_pool");
        (await Should.ThrowAsync<OrchestrationException>(() => pools.DeleteAsync("default_pool", "test", None))).Message.ShouldContain("cannot be deleted");
        (await Should.ThrowAsync<OrchestrationException>(() => pools.SetAsync("gpu", -1, null, "test", None))).Message.ShouldContain("-1 slots");
        (await Should.ThrowAsync<OrchestrationException>(() => pools.SetAsync("a b", 1, null, "test", None))).Message.ShouldContain("'a b'");
    }

    /// <summary>The most that were running at once, replayed from the event log.</summary>
    private async Task<int> PeakAsync(string which, object parameters)
    {
        await using var connection = await postgres.DataSource.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>(
            $"""
            select max(running)::int
            from (
              select sum(case when state_after = 'running' then 1 when state_before = 'running' then -1 else 0 end) over (order by event_id) as running
              from orchestration.event
              where kind = 'task_state' and {which}
            ) as replayed
            """,
            parameters);
    }
}
