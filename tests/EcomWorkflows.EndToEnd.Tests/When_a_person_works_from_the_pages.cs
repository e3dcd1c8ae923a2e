using System.Net.Http.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Testing;
using EcomWorkflows.Testing.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EcomWorkflows.EndToEnd.Tests;

/// <summary>What our own pages add around Elsa Studio; any console error fails the test.</summary>
public sealed class When_a_person_works_from_the_pages(PostgresFixture database, Browser browser) : IClassFixture<PostgresFixture>, IClassFixture<Browser>
{
    private static readonly LocatorAssertionsToHaveTextOptions Patient = new() { Timeout = 30_000 };

    [Fact]
    public async Task A_run_is_started_by_form_cleared_after_a_preview_and_marked()
    {
        await using var server = await WebServer.StartAsync(await database.CreateDatabaseAsync());
        server.Script["train_churn"] = new StepPlan(FailedTries: 2);
        await using var watched = await browser.OpenAsync();
        var page = watched.Page;

        // The form: its labels name the fields, the schedule and the way to Studio are beside it.
        await page.GotoAsync($"{server.Address}/dags/{WebServer.DagId}");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Edit in Studio" })).ToHaveAttributeAsync("href", "/studio/workflows/definitions/churn-daily/edit");
        await page.GetByRole(AriaRole.Link, new() { Name = "The next 20" }).ClickAsync();
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(20);
        await watched.PictureAsync("schedule");
        await page.GoBackAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Run…" }).ClickAsync();
        await page.GetByLabel("source").FillAsync("online-retail");
        await page.GetByLabel("Logical date").FillAsync("2026-11-01T06:00");
        await page.GetByLabel("Name of the run").FillAsync("audit");
        await page.GetByLabel("Note").FillAsync("asked for by the auditors");
        await watched.PictureAsync("run-form");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start run" }).ClickAsync();
        await Expect(page.Locator("h1 + .badge")).ToHaveTextAsync("✕ failed", Patient);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "View in Studio" })).ToHaveAttributeAsync("href", new System.Text.RegularExpressions.Regex("/studio/workflows/instances/\\d+/view"));

        // Clear: nothing happens before the preview is confirmed, and the choice can be changed on the way.
        await page.GetByRole(AriaRole.Link, new() { Name = "Clear or mark…" }).ClickAsync();
        await Expect(page.Locator("table.preview tbody tr")).ToHaveCountAsync(4);
        await page.GetByLabel("version_datasets").CheckAsync();
        await page.GetByLabel("only failed ones").UncheckAsync();
        await page.GetByLabel("everything after them").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).PressAsync("Enter");
        await Expect(page.Locator("table.preview tbody tr")).ToHaveCountAsync(5);
        await watched.PictureAsync("clear-preview");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run 5 task instances again" }).ClickAsync();
        await Expect(page.Locator("h1 + .badge")).ToHaveTextAsync("✓ success", Patient);

        // Mark, from the task's page.
        await page.Locator("table.tasks").GetByRole(AriaRole.Link, new() { Name = "Score customers", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Clear or mark…" }).ClickAsync();
        await page.GetByLabel("Mark as skipped").CheckAsync();
        await page.GetByLabel("everything after them").UncheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Mark 1 task instance as skipped" }).ClickAsync();
        await Expect(page.GetByText("Marked.")).ToBeVisibleAsync();
        await Expect(page.Locator("table.tasks tr", new() { HasText = "Score customers" }).Locator(".badge")).ToContainTextAsync("skipped");
        watched.ShouldBeClean();
    }

    [Fact]
    public async Task Runs_are_found_questions_answered_and_pools_kept()
    {
        await using var server = await WebServer.StartAsync(await database.CreateDatabaseAsync());
        for (var i = 0; i < 3; i++)
            (await server.Client.PostAsJsonAsync("/api/v2/dags/churn-daily/dagRuns", new { dag_run_id = $"nightly-{i}" })).EnsureSuccessStatusCode();
        await AskAsync(server);
        await using var watched = await browser.OpenAsync();
        var page = watched.Page;

        await page.GotoAsync(server.Address);
        await page.GetByRole(AriaRole.Link, new() { Name = "Runs", Exact = true }).ClickAsync();
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(4);
        await page.GetByLabel("Name contains").FillAsync("NIGHTLY-1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Link, new() { Name = "All runs" }).ClickAsync();
        await watched.PictureAsync("runs");

        await page.GetByRole(AriaRole.Link, new() { Name = "Approvals" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Send the campaign?" })).ToBeVisibleAsync();
        await watched.PictureAsync("approvals");
        await page.GetByLabel("Comment").FillAsync("prices checked");
        await page.GetByRole(AriaRole.Button, new() { Name = "approve" }).ClickAsync();
        await Expect(page.GetByText("Answered: the task goes on.")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Pools" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("warehouse");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make pool" }).ClickAsync();
        await page.GetByLabel("Slots of warehouse").FillAsync("4");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set warehouse" }).ClickAsync();
        await Expect(page.GetByLabel("Slots of warehouse")).ToHaveValueAsync("4");
        await watched.PictureAsync("pools");
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete warehouse" }).ClickAsync();
        await Expect(page.GetByText("The pool is deleted.")).ToBeVisibleAsync();
        watched.ShouldBeClean();
    }

    [Fact]
    public async Task A_week_is_filled_back_after_a_preview_and_assets_are_looked_at()
    {
        await using var server = await WebServer.StartAsync(await database.CreateDatabaseAsync());
        await using var watched = await browser.OpenAsync();
        var page = watched.Page;

        await page.GotoAsync($"{server.Address}/dags/{WebServer.DagId}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Backfill past dates" }).ClickAsync();
        await page.GetByLabel("From").FillAsync("2026-01-01T00:00");
        await page.GetByLabel("To", new() { Exact = false }).Last.FillAsync("2026-01-07T23:00");
        await page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await Expect(page.Locator("table.preview tbody tr")).ToHaveCountAsync(7);
        await watched.PictureAsync("backfill-preview");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start backfill of 7 dates" }).ClickAsync();
        await Expect(page.GetByText("The backfill was started.")).ToBeVisibleAsync();
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(7);
        await watched.PictureAsync("backfill");

        await page.GetByRole(AriaRole.Link, new() { Name = "Assets" }).ClickAsync();
        await Expect(page.Locator("th[scope=row]").First).ToBeVisibleAsync();
        await watched.PictureAsync("assets");
        watched.ShouldBeClean();
    }

    [Fact]
    public async Task The_pages_fit_a_phone()
    {
        await using var server = await WebServer.StartAsync(await database.CreateDatabaseAsync());
        (await server.Client.PostAsJsonAsync("/api/v2/dags/churn-daily/dagRuns", new { dag_run_id = "small" })).EnsureSuccessStatusCode();
        await using var watched = await browser.OpenAsync(390, 844, dark: true);

        foreach (var address in new[] { "/runs", "/pools", "/approvals", "/backfills?dag=churn-daily&from=2026-01-01&to=2026-01-03", "/data-assets", "/dags/churn-daily/run", "/dags/churn-daily/schedule", "/dags/churn-daily/runs/small/change?do=clear" })
        {
            await watched.Page.GotoAsync(server.Address + address);
            await watched.ShouldFitAsync();
        }
        watched.ShouldBeClean();
    }

    private static async Task AskAsync(WebServer server)
    {
        var dag = new Dag(
            "campaign", "campaign", null, new DagSettings(), [],
            [new DagTask("ask", "Core.Approval", "ask", new JsonObject { ["subject"] = "Send the campaign?", ["body"] = "12,400 customers, 10 % off." }, new TaskSettings())], []);
        await server.Services.GetRequiredService<DagStore>().ImportAsync(
            dag, DagDocument.Create(dag, "campaign.json", server.Services.GetRequiredService<TaskRegistry>()).ToJson(), DagHash.Compute(dag), (string?)null, "test", CancellationToken.None);
        (await server.Client.PostAsJsonAsync("/api/v2/dags/campaign/dagRuns", new { dag_run_id = "autumn" })).EnsureSuccessStatusCode();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while ((await server.Client.GetFromJsonAsync<JsonObject>("/api/v2/dags/campaign/dagRuns/autumn/taskInstances", limit.Token))!["task_instances"]![0]!["state"]?.GetValue<string>() != "awaiting_input")
            await Task.Delay(50, limit.Token);
    }
}
