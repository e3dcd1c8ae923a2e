using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Testing;
using EcomWorkflows.Testing.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EcomWorkflows.EndToEnd.Tests;

public sealed class When_a_person_watches_a_run(PostgresFixture database, Browser browser) : IClassFixture<PostgresFixture>, IClassFixture<Browser>
{
    private static readonly LocatorAssertionsToHaveTextOptions Patient = new() { Timeout = 30_000 };

    [Fact]
    public async Task Starting_following_failing_and_rerunning_work_from_the_pages()
    {
        await using var server = await WebServer.StartAsync(database.ConnectionString);
        await server.Services.GetRequiredService<DagStore>().ReplaceImportErrorsAsync(
            [
                new ImportError("weekly-report.json", [
                    new DagProblem("task 'report'.retries", "'many' cannot be used: expected a whole number from -2147483648 to 2147483647."),
                    new DagProblem("edges", "The tasks form a cycle: load → report → load. Remove one of these edges."),
                ], DateTimeOffset.UnixEpoch),
            ],
            CancellationToken.None);
        var gate = new TaskCompletionSource();
        server.Script["ingest_orders"] = new StepPlan(Gate: gate);
        server.Script["validate_events"] = new StepPlan(Report: "reports/quality/shop/1/events/index.html");
        server.Script["train_churn"] = new StepPlan(FailedTries: 2);
        WriteReport(server.Home);

        await using var watched = await browser.OpenAsync();
        var page = watched.Page;
        await page.GotoAsync(server.Address);
        await Expect(page.GetByText("The tasks form a cycle: load → report → load")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Run churn-daily" }).ClickAsync();

        // The run page follows the run without a reload.
        await Expect(Row(page, "Ingest orders").Locator(".badge")).ToContainTextAsync("running");
        await Expect(Row(page, "Ingest events").Locator(".badge")).ToContainTextAsync("success");
        await Expect(Row(page, "Ingest orders").Locator("progress")).ToHaveAttributeAsync("value", "0.4");
        await Expect(Row(page, "Validate orders")).ToContainTextAsync("Waits for ingest_orders.");
        await watched.PictureAsync("run-running");

        // The log of the running attempt is live.
        var run = page.Url;
        await Row(page, "Ingest orders").GetByRole(AriaRole.Link).First.ClickAsync();
        await Expect(page.Locator("[data-log-lines]")).ToContainTextAsync("Reading shop from");
        await Expect(page.Locator("[data-log-state]")).ToHaveTextAsync("live");
        gate.SetResult();
        await Expect(page.Locator("[data-log-lines]")).ToContainTextAsync("Kept 1234 rows");
        await Expect(page.Locator("h1 + .badge")).ToContainTextAsync("success");

        // The failed run says why, and runs again from the failure on.
        await page.GotoAsync(run);
        await Expect(page.Locator("h1 + .badge")).ToHaveTextAsync("✕ failed", Patient);
        await Expect(Row(page, "Train churn models")).ToContainTextAsync("orders.csv line 4711: 3 columns, expected 5");
        await Expect(Row(page, "Score customers")).ToContainTextAsync("upstream failed");
        await watched.PictureAsync("run-failed");
        await page.GetByRole(AriaRole.Button, new() { Name = "Rerun failed" }).ClickAsync();
        await Expect(page.Locator("h1 + .badge")).ToHaveTextAsync("✓ success", Patient);
        await Expect(Row(page, "Train churn models")).ToContainTextAsync("3 of 2");
        await watched.PictureAsync("run-success");

        // Attempts and their logs stay readable.
        await Row(page, "Train churn models").GetByRole(AriaRole.Link).First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Try 1", Exact = true }).ClickAsync();
        await Expect(page.Locator("[data-log-lines]")).ToContainTextAsync("Line 4711 has 3 columns, expected 5");
        await Expect(page.Locator(".l-debug").First).ToBeHiddenAsync();
        await page.Locator("[data-log-level]").SelectOptionAsync("trace");
        await Expect(page.Locator(".l-debug").First).ToBeVisibleAsync();
        await watched.PictureAsync("task");

        // Results lead to the report, which is shown under its own policy.
        await page.GotoAsync(run);
        await page.Locator(".results").GetByRole(AriaRole.Link, new() { Name = "Validate events" }).ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Quality of events");

        await page.GotoAsync(server.Address);
        await watched.PictureAsync("dags");
        await page.GotoAsync($"{server.Address}/dags/{WebServer.DagId}");
        await watched.PictureAsync("dag");
        watched.ShouldBeClean();
    }

    [Fact]
    public async Task Starting_with_parameters_pausing_and_cancelling_work_with_the_keyboard_on_a_phone_in_the_dark()
    {
        await using var server = await WebServer.StartAsync(await database.CreateDatabaseAsync());
        server.Script["ingest_events"] = new StepPlan(Gate: new TaskCompletionSource());
        await using var watched = await browser.OpenAsync(390, 844, dark: true);
        var page = watched.Page;

        await page.GotoAsync(server.Address);
        await watched.ShouldFitAsync();
        await page.GetByRole(AriaRole.Switch).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Switch)).ToHaveAttributeAsync("aria-checked", "false");
        await page.GetByRole(AriaRole.Switch).PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Switch)).ToHaveAttributeAsync("aria-checked", "true");
        await watched.PictureAsync("phone-dags");

        await page.GetByRole(AriaRole.Link, new() { Name = WebServer.DagId }).First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Run…" }).PressAsync("Enter");
        await page.GetByLabel("source").FillAsync("online-retail");
        await watched.ShouldFitAsync();
        await watched.PictureAsync("phone-start");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByText("\"source\": \"online-retail\"")).ToBeVisibleAsync();
        await Expect(Row(page, "Ingest events").Locator(".badge")).ToContainTextAsync("running");
        await watched.ShouldFitAsync();
        await watched.PictureAsync("phone-run");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(page.Locator("h1 + .badge")).ToHaveTextAsync("✕ failed", Patient);
        await Expect(Row(page, "Ingest events")).ToContainTextAsync("cancelled by web");
        watched.ShouldBeClean();
    }

    private static ILocator Row(IPage page, string task) => page.Locator("table.tasks tr", new() { Has = page.GetByRole(AriaRole.Link, new() { Name = task, Exact = true }) });

    private static void WriteReport(string home)
    {
        var folder = Directory.CreateDirectory(Path.Combine(home, "reports", "quality", "shop", "1", "events")).FullName;
        File.WriteAllText(Path.Combine(folder, "index.html"), "<!doctype html><html lang=en><title>Quality</title><style>h1 { color: green }</style><h1>Quality of events</h1>");
    }
}
