using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Testing;
using EcomWorkflows.Testing.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EcomWorkflows.EndToEnd.Tests;

/// <summary>On the real Elsa Studio: every request it makes is answered, and nothing fails on its console.</summary>
public sealed class When_a_person_designs_a_dag_in_studio(PostgresFixture database, Browser browser) : IClassFixture<PostgresFixture>, IClassFixture<Browser>
{
    private static readonly LocatorAssertionsToHaveTextOptions Patient = new() { Timeout = 90_000 };

    private static readonly LocatorAssertionsToBeVisibleOptions Visible = new() { Timeout = 90_000 };

    [Fact]
    public async Task A_dag_is_drawn_set_published_run_broken_and_run_again_from_the_failure()
    {
        await using var server = await WebServer.StartAsync(database.ConnectionString);
        await using var watched = await browser.OpenAsync(1500, 950);
        var page = watched.Page;
        var studio = new StudioPage(page, server.Address);

        await studio.CreateAsync("Shop report");
        await studio.FillAsync("Schedule", "0 4 * * *");
        await studio.DropAsync("Ingest", 60, 250);
        await watched.PictureAsync("studio-palette");
        await studio.DropAsync("Validate", 330, 120);
        await studio.DropAsync("Prepare", 330, 400);
        await studio.DropAsync("TrainChurn", 600, 250);
        await studio.ConnectAsync("Ingest1", "Validate1");
        await studio.ConnectAsync("Ingest1", "Prepare1");
        await studio.ConnectAsync("Validate1", "TrainChurn1");
        await studio.ConnectAsync("Prepare1", "TrainChurn1");
        foreach (var task in new[] { "Ingest1", "Validate1", "Prepare1", "TrainChurn1" })
        {
            await studio.SelectAsync(task);
            await studio.FillAsync("Source", "shop");
        }
        await studio.FillAsync("Retries", "2");
        await studio.FillAsync("Retry delay seconds", "0");
        await studio.ChooseAsync("Trigger rule", "all done");
        await watched.PictureAsync("studio-task-settings");
        (await Should.ThrowAsync<Exception>(() => Dags(server).GetAsync("shop-report", CancellationToken.None))).Message.ShouldContain("no DAG 'shop-report'");

        await studio.PublishAsync();

        var dag = (await Dags(server).CurrentGraphAsync("shop-report", CancellationToken.None)).Dag;
        dag.Edges.Select(edge => $"{edge.From} {edge.To}").Order().ShouldBe(["Ingest1 Prepare1", "Ingest1 Validate1", "Prepare1 TrainChurn1", "Validate1 TrainChurn1"]);
        dag.Settings.Schedule.ShouldBe(["0 4 * * *"]);
        var last = dag.Tasks.Single(task => task.TaskId == "TrainChurn1");
        (last.Settings.Retries, last.Settings.TriggerRule).ShouldBe((2, TriggerRule.AllDone));

        // Run it, and watch it turn green.
        await studio.OpenAsync("shop-report");
        await watched.PictureAsync("studio-dag-settings");
        await studio.RunAsync();
        await Expect(page.GetByText("Finished").First).ToBeVisibleAsync(Visible);
        await Expect(page.Locator(".mud-badge.mud-success, .mud-badge.mud-theme-success")).ToHaveCountAsync(4, new() { Timeout = 90_000 });
        await watched.PictureAsync("studio-run-green");

        // Break a task: the incident says why, and our page beside Studio runs it again from there.
        server.Script["Prepare1"] = new StepPlan(FailedTries: 1);
        await studio.OpenAsync("shop-report");
        await studio.RunAsync();
        await Expect(page.GetByText("Faulted").First).ToBeVisibleAsync(Visible);
        await page.Locator(".mud-tab", new() { HasText = "Incidents" }).EvaluateAsync("tab => tab.click()");
        await Expect(page.GetByText("orders.csv line 4711: 3 columns, expected 5").First).ToBeVisibleAsync(Visible);
        await watched.PictureAsync("studio-incident");
        var viewer = page.Url;
        await page.Locator("#studio-here").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Rerun failed" }).First.ClickAsync();
        await Expect(page.Locator("h1 + .badge")).ToHaveTextAsync("✓ success", Patient);
        await page.GotoAsync(viewer);
        await Expect(page.Locator(".mud-badge.mud-success, .mud-badge.mud-theme-success")).ToHaveCountAsync(4, new() { Timeout = 90_000 });
        await watched.PictureAsync("studio-rerun-green");
        watched.ShouldBeCleanBut();
    }

    [Fact]
    public async Task A_dag_with_a_cycle_is_not_published_and_studio_says_why()
    {
        await using var server = await WebServer.StartAsync(await database.CreateDatabaseAsync());
        await using var watched = await browser.OpenAsync(1500, 950);
        var studio = new StudioPage(watched.Page, server.Address);
        await studio.CreateAsync("Circle");
        await studio.DropAsync("Ingest", 100, 400);
        await studio.DropAsync("Ingest", 400, 120);
        await studio.ConnectAsync("Ingest1", "Ingest2");
        await studio.ConnectAsync("Ingest2", "Ingest1");
        foreach (var task in new[] { "Ingest1", "Ingest2" })
        {
            await studio.SelectAsync(task);
            await studio.FillAsync("Source", "shop");
        }

        await studio.PublishAsync(400);

        await Expect(studio.Message.GetByText("form a cycle")).ToBeVisibleAsync();
        await watched.PictureAsync("studio-cycle-refused");
        (await Should.ThrowAsync<Exception>(() => Dags(server).GetAsync("circle", CancellationToken.None))).Message.ShouldContain("no DAG 'circle'");
        watched.ShouldBeCleanBut("400");
    }

    [Fact]
    public async Task Churn_daily_is_edited_published_run_and_rolled_back()
    {
        await using var server = await WebServer.StartAsync(await database.CreateDatabaseAsync());
        await using var watched = await browser.OpenAsync(1700, 950);
        var page = watched.Page;
        var studio = new StudioPage(page, server.Address);
        var before = (await Dags(server).CurrentGraphAsync(WebServer.DagId, CancellationToken.None)).Dag;
        await studio.OpenAsync(WebServer.DagId);
        await studio.SelectAsync("Build features");
        await studio.FillAsync("Retries", "7");
        await watched.PictureAsync("studio-churn-daily");

        await studio.PublishAsync();

        var after = (await Dags(server).CurrentGraphAsync(WebServer.DagId, CancellationToken.None)).Dag;
        DagDifference.Lines(before, after).ShouldContain($"task build_features.settings.retries: {Retries(before)} → 7");
        (await Dags(server).GetAsync(WebServer.DagId, CancellationToken.None)).IsEdited.ShouldBeTrue();
        await studio.RunAsync();
        await Expect(page.GetByText("Finished").First).ToBeVisibleAsync(Visible);

        await studio.OpenAsync(WebServer.DagId);
        await studio.RollBackAsync(1);
        await Expect(page.Locator("tr.mud-table-row")).ToHaveCountAsync(4, new() { Timeout = 90_000 });
        await studio.Nodes.First.WaitForAsync();
        await watched.PictureAsync("studio-rolled-back");
        await studio.PublishAsync();

        var info = await Dags(server).GetAsync(WebServer.DagId, CancellationToken.None);
        info.CurrentVersion.ShouldBe(3);
        Retries((await Dags(server).CurrentGraphAsync(WebServer.DagId, CancellationToken.None)).Dag).ShouldBe(Retries(before));
        watched.ShouldBeCleanBut();
    }

    private static int Retries(Dag dag) => dag.Tasks.Single(task => task.TaskId == "build_features").Settings.Retries;

    private static DagStore Dags(WebServer server) => server.Services.GetRequiredService<DagStore>();
}
