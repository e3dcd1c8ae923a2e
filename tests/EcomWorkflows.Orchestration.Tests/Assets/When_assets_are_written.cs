using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tests.Execution;
using EcomWorkflows.Orchestration.Tests.Scheduling;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Assets;

public sealed class When_assets_are_written : IAsyncLifetime
{
    private SchedulingSite site = null!;

    public async Task InitializeAsync() => site = await SchedulingSite.CreateAsync("2026-11-21T10:00Z");

    public async Task DisposeAsync() => await site.DisposeAsync();

    [Fact]
    public async Task A_task_that_succeeds_makes_events_of_its_outlets_with_rows_and_lineage()
    {
        site.Orchestrator.Scripts.ByTask["a"] = async (context, token) =>
        {
            await context.RecordAssetAsync("orders", 42, new JsonObject { ["snapshotId"] = 7 }, token);
            return new ScriptedOutputs("done");
        };
        var dag = DagFactory.Make("a>b", of: task => new TaskSettings { Outlets = task == "a" ? ["orders", "not.written.this.time"] : ["customers.{{ params.source }}"] }, parameters: new DagParam("source", "string", null, JsonValue.Create("shop")));
        await site.Orchestrator.StartAsync();

        var runId = await site.Orchestrator.RunAsync(dag, new JsonObject { ["source"] = "retail" });

        var run = await site.Orchestrator.Runs.GetAsync(runId, CancellationToken.None);
        var (events, total) = await EventsAsync(null);
        total.ShouldBe(2, "of a task that reports what it wrote, only that; of one that reports nothing, every outlet");
        var orders = events.Single(e => e.Asset == "orders");
        (orders.DagId, orders.RunId, orders.RunKey, orders.TaskId, orders.RowCount).ShouldBe((dag.DagId, runId, run.RunKey, "a", 42));
        orders.AttemptId.ShouldBe((await site.Orchestrator.Runs.AttemptsAsync(runId, "a", CancellationToken.None)).Single().AttemptId);
        JsonNode.Parse(orders.Extra)!["snapshotId"]!.GetValue<int>().ShouldBe(7);
        events.Single(e => e.Asset != "orders").Asset.ShouldBe("customers.retail", "the run's parameters are filled in");
    }

    [Fact]
    public async Task An_attempt_that_fails_after_it_published_makes_no_event_its_retry_makes_one()
    {
        site.Orchestrator.Scripts.ByTask["a"] = async (context, token) =>
        {
            await context.RecordAssetAsync("orders", context.Attempt.TryNumber, null, token);
            return context.Attempt.TryNumber == 1 ? throw new InvalidOperationException("after publishing") : new ScriptedOutputs("done");
        };
        await site.Orchestrator.StartAsync();

        await site.Orchestrator.RunAsync(DagFactory.Make("a", new TaskSettings { Outlets = ["orders"], Retries = 1, RetryDelay = TimeSpan.Zero }));

        var (events, _) = await EventsAsync("orders");
        events.ShouldHaveSingleItem().RowCount.ShouldBe(2);
    }

    [Fact]
    public async Task An_asset_that_is_no_outlet_cannot_be_reported()
    {
        site.Orchestrator.Scripts.ByTask["a"] = async (context, token) =>
        {
            await context.RecordAssetAsync("orders", 1, null, token);
            return new ScriptedOutputs("done");
        };
        await site.Orchestrator.StartAsync();

        var run = await site.Orchestrator.RunAsync(DagFactory.Make("a", new TaskSettings { Outlets = ["customers"] }));

        (await site.Orchestrator.Runs.TaskInstancesAsync(run, CancellationToken.None)).Single().Message.ShouldNotBeNull()
            .ShouldContain("reports the asset 'orders', which is none of its outlets (customers)");
    }

    [Fact]
    public async Task A_dag_scheduled_on_an_asset_runs_for_its_event_and_lists_it()
    {
        var consumer = await site.ImportAsync(new DagSettings { AssetSchedule = "orders" });
        await site.Orchestrator.StartAsync();
        var producing = await site.Orchestrator.RunAsync(DagFactory.Make("load", new TaskSettings { Outlets = ["orders"] }));

        // The node looks by itself, and holds the DAG's schedule row while it does.
        await site.Orchestrator.WaitUntilAsync(async () => (await site.RunsAsync(consumer.DagId)).Count > 0, "the asset's event makes a run");

        var run = (await site.RunsAsync(consumer.DagId)).ShouldHaveSingleItem();
        run.RunType.ShouldBe("asset_triggered");
        var cause = (await site.Get<AssetReader>().CausesAsync(run.RunId, CancellationToken.None)).ShouldHaveSingleItem();
        (cause.Asset, cause.RunId, cause.TaskId).ShouldBe(("orders", producing, "load"));
        cause.CreatedRuns.ShouldHaveSingleItem().RunId.ShouldBe(run.RunId);
        var source = await site.Orchestrator.Runs.GetAsync(producing, CancellationToken.None);
        (run.DataIntervalStart, run.DataIntervalEnd).ShouldBe((source.DataIntervalStart, source.DataIntervalEnd));
    }

    [Theory]
    [InlineData("orders & customers", "orders,orders", 0, 0)]
    [InlineData("orders & customers", "orders,orders,customers", 1, 3)]
    [InlineData("orders | customers", "customers", 1, 1)]
    [InlineData("orders | (customers & products)", "customers", 0, 0)]
    [InlineData("orders | (customers & products)", "customers,products", 1, 2)]
    public async Task Events_are_used_when_the_expression_is_met(string expression, string updates, int runs, int used)
    {
        var consumer = await site.ImportAsync(new DagSettings { AssetSchedule = expression });

        foreach (var asset in updates.Split(','))
            await site.Get<AssetStore>().AddEventAsync(asset, null, null, "test", CancellationToken.None);
        await TriggerAsync();
        await TriggerAsync();

        (await site.RunsAsync(consumer.DagId)).Count.ShouldBe(runs);
        (await site.ScalarAsync<long>("select count(*) from orchestration.asset_delivery where is_used")).ShouldBe(used);
    }

    [Fact]
    public async Task Under_concurrency_each_event_is_used_once_per_dag()
    {
        var consumers = new[] { await site.ImportAsync(Consumer()), await site.ImportAsync(Consumer()) };
        var store = site.Get<AssetStore>();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++)
            {
                if (worker < 4)
                    await store.AddEventAsync("orders", i, null, "test", CancellationToken.None);
                await TriggerAsync();
            }
        })));
        await TriggerAsync();

        foreach (var consumer in consumers)
        {
            var uses = await site.ScalarAsync<long>("select count(run_id) from orchestration.asset_delivery where dag_id = @DagId", consumer);
            uses.ShouldBe(100, "each of the 100 events has one run");
            (await site.RunsAsync(consumer.DagId)).Count.ShouldBeInRange(1, 100);
            (await site.ScalarAsync<long>(
                "select count(*) from orchestration.dag_run r where dag_id = @DagId and not exists (select from orchestration.asset_delivery where run_id = r.run_id)", consumer))
                .ShouldBe(0, "no run without a cause");
        }

        static DagSettings Consumer() => new() { AssetSchedule = "orders", MaxActiveRuns = 10_000 };
    }

    [Fact]
    public async Task Asset_or_time_runs_by_both()
    {
        var dag = await site.ImportAsync(new DagSettings { Schedule = ["@daily"], StartDate = DateTimeOffset.Parse("2026-11-20T00:00Z"), AssetSchedule = "orders", AssetOrTime = true });
        await site.Get<AssetStore>().AddEventAsync("orders", null, null, "test", CancellationToken.None);

        await TriggerAsync();
        await site.TickAsync();

        (await site.RunsAsync(dag.DagId)).Select(r => r.RunType).ShouldBe(["scheduled", "asset_triggered"], ignoreOrder: true);
    }

    [Fact]
    public async Task Events_wait_while_the_dag_is_paused_or_full_and_then_make_one_run()
    {
        var dag = await site.ImportAsync(new DagSettings { AssetSchedule = "orders", MaxActiveRuns = 1, PausedOnCreation = true });
        for (var i = 0; i < 3; i++)
            await site.Get<AssetStore>().AddEventAsync("orders", null, null, "test", CancellationToken.None);
        await TriggerAsync();
        (await site.RunsAsync(dag.DagId)).ShouldBeEmpty();

        await site.Get<DagStore>().SetPausedAsync(dag.DagId, false, "test", CancellationToken.None);
        await TriggerAsync();
        var first = (await site.RunsAsync(dag.DagId)).ShouldHaveSingleItem();
        (await site.Get<AssetReader>().CausesAsync(first.RunId, CancellationToken.None)).Count.ShouldBe(3);

        await site.Get<AssetStore>().AddEventAsync("orders", null, null, "test", CancellationToken.None);
        await TriggerAsync();
        (await site.RunsAsync(dag.DagId)).Count.ShouldBe(1, "max_active_runs");
        await site.EndRunsAsync(dag.DagId);
        await TriggerAsync();
        (await site.RunsAsync(dag.DagId)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_graph_names_producers_consumers_and_scheduled_dags_of_current_versions()
    {
        var producer = DagFactory.Make("load>check", of: task => task == "load" ? new TaskSettings { Outlets = ["orders"] } : new TaskSettings { Inlets = ["orders"] });
        await site.Orchestrator.ImportAsync(producer);
        var consumer = await site.ImportAsync(new DagSettings { AssetSchedule = "orders | customers" });

        var graph = await site.Get<AssetReader>().GraphAsync(CancellationToken.None);

        graph.ShouldBe(
        [
            new AssetUse("customers", consumer.DagId, "schedule", ""), new AssetUse("orders", consumer.DagId, "schedule", ""),
            new AssetUse("orders", producer.DagId, "outlet", "load"), new AssetUse("orders", producer.DagId, "inlet", "check"),
        ],
        ignoreOrder: true);
        await site.ImportAsync(new DagSettings { AssetSchedule = "orders" }, consumer.DagId);
        (await site.Get<AssetReader>().GraphAsync(CancellationToken.None)).ShouldNotContain(u => u.Asset == "customers");
    }

    [Fact]
    public async Task An_event_of_an_asset_nobody_knows_is_refused() =>
        (await Should.ThrowAsync<NotFoundException>(() => site.Get<AssetStore>().AddEventAsync("nope", null, null, "test", CancellationToken.None))).Message
            .ShouldBe("There is no asset 'nope': no DAG writes, reads or waits for it.");

    [Fact]
    public void What_is_wrong_with_assets_is_said_with_its_place()
    {
        var dag = DagFactory.Make(
            "a", new TaskSettings { Outlets = ["order lines", "x.{{ params.nope }}", "twice", "twice"] },
            dag: new DagSettings { Schedule = ["@daily"], AssetSchedule = "a &", PauseAfterFailures = 0 });

        DagValidator.Problems(dag).Select(p => p.ToString()).ShouldBe(
        [
            new DagProblem("root.pauseAfterFailures", "0 is out of range. Use 1 to 1000, or leave it out for never.").ToString(),
            new DagProblem("root.assetSchedule", "'a &' cannot be read at character 4 (the end): expected an asset's name or '('. Write for example 'orders & customers', or 'orders | (customers & products)'.").ToString(),
            new DagProblem("root.assetOrTime", "The DAG has a schedule and an asset schedule. Set assetOrTime to true to run by both, or remove one of them.").ToString(),
            new DagProblem("task 'a'.outlets", $"'order lines' cannot be an asset's name. Use {AssetName.Allowed}; {{{{ params.NAME }}}} stands for a parameter.").ToString(),
            new DagProblem("task 'a'.outlets", "'x.{{ params.nope }}' names the parameter 'nope', which the DAG does not have. Declare it, or remove it from the name.").ToString(),
            new DagProblem("task 'a'.outlets", "'twice' is named 2 times. Name it once.").ToString(),
        ]);
    }

    private Task<int> TriggerAsync() => site.Get<AssetTrigger>().TriggerAsync(CancellationToken.None);

    private Task<(IReadOnlyList<AssetEventInfo> Events, int Total)> EventsAsync(string? asset) =>
        site.Get<AssetReader>().EventsAsync(asset, null, null, 100, 0, CancellationToken.None);
}
