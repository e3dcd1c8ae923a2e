using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Tests.Execution;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Scheduling;

public sealed class When_quartz_keeps_the_time(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_cron_schedule_creates_runs_by_itself_and_ticking_twice_creates_none_more()
    {
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres, scheduler: true);
        var dag = DagFactory.Make("a>b", dag: new DagSettings { Schedule = ["* * * * * ?"] });
        await orchestrator.ImportAsync(dag);
        await orchestrator.StartAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while ((await orchestrator.Runs.ListAsync(dag.DagId, "success", 10, null, CancellationToken.None)).Count < 2)
            await Task.Delay(100, patience.Token);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => orchestrator.Get<DagTicker>().TickAsync(CancellationToken.None)));

        var runs = await orchestrator.Runs.ListAsync(dag.DagId, null, 100, null, CancellationToken.None);
        runs.Select(r => r.LogicalDate).ShouldBeUnique();
        runs.ShouldAllBe(r => r.RunType == "scheduled" && r.DataIntervalEnd > r.DataIntervalStart && r.LogicalDate == r.DataIntervalStart);
    }

    [Fact]
    public async Task A_waiting_retry_is_woken_without_waiting_for_the_sweep()
    {
        var scripts = new Scripts();
        scripts.ByTask["a"] = (context, _) => context.Attempt.TryNumber == 1
            ? throw new InvalidOperationException("first")
            : Task.FromResult<Tasks.TaskResult<ScriptedOutputs>>(new ScriptedOutputs("second"));
        await using var orchestrator = await TestOrchestrator.CreateAsync(
            postgres, scripts, o => o with { SweepInterval = TimeSpan.FromMinutes(10), PollInterval = TimeSpan.FromMinutes(10) }, scheduler: true);
        await orchestrator.StartAsync();

        var run = await orchestrator.RunAsync(DagFactory.Make("a", new TaskSettings { Retries = 1, RetryDelay = TimeSpan.FromSeconds(1) }));

        (await orchestrator.StatesAsync(run))["a"].ShouldBe("success");
    }

    [Fact]
    public async Task Assets_and_backfills_go_on_without_waiting_for_the_sweep()
    {
        await using var orchestrator = await TestOrchestrator.CreateAsync(
            postgres, configure: o => o with { SweepInterval = TimeSpan.FromMinutes(10), PollInterval = TimeSpan.FromMinutes(10) }, scheduler: true);
        var consumer = DagFactory.Make("a", dag: new DagSettings { AssetSchedule = "lines" });
        await orchestrator.ImportAsync(consumer);
        var filled = DagFactory.Make("a", dag: new DagSettings { Schedule = ["@daily"] });
        await orchestrator.ImportAsync(filled);
        await orchestrator.StartAsync();
        var from = TimeProvider.System.GetUtcNow().AddDays(-5);
        await orchestrator.Get<Orchestration.Storage.BackfillStore>().CreateAsync(
            new Orchestration.Planning.BackfillRequest(filled.DagId, from, from.AddDays(3), MaxActiveRuns: 1), "test", CancellationToken.None);

        await orchestrator.RunAsync(DagFactory.Make("load", new TaskSettings { Outlets = ["lines"] }));

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while ((await orchestrator.Runs.ListAsync(consumer.DagId, "success", 10, null, CancellationToken.None)).Count < 1
            || (await orchestrator.Runs.ListAsync(filled.DagId, "success", 10, null, CancellationToken.None)).Count < 3)
        {
            await Task.Delay(50, patience.Token);
        }
    }

    [Fact]
    public async Task A_paused_dag_gets_no_runs()
    {
        await using var orchestrator = await TestOrchestrator.CreateAsync(postgres);
        var dag = DagFactory.Make("a", dag: new DagSettings { Schedule = ["@hourly"], StartDate = DateTimeOffset.UnixEpoch, PausedOnCreation = true });
        await orchestrator.ImportAsync(dag);

        (await TickAsync()).ShouldBe(0);
        await orchestrator.Get<Orchestration.Storage.DagStore>().SetPausedAsync(dag.DagId, false, "test", CancellationToken.None);
        (await TickAsync()).ShouldBe(1, "the latest missed interval runs once");
        (await TickAsync()).ShouldBe(1);

        async Task<int> TickAsync()
        {
            await orchestrator.Get<DagTicker>().TickAsync(CancellationToken.None);
            return (await orchestrator.Runs.ListAsync(dag.DagId, null, 100, null, CancellationToken.None)).Count;
        }
    }
}
