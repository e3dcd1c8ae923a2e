using System.Net.Http.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Testing;
using EcomWorkflows.Testing.Web;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EcomWorkflows.EndToEnd.Tests;

/// <summary>The genuine Elsa Studio against our instances API and hub.</summary>
public sealed class When_a_run_is_watched_in_studio(PostgresFixture database, Browser browser) : IClassFixture<PostgresFixture>, IClassFixture<Browser>
{
    private static readonly LocatorAssertionsToBeVisibleOptions Patient = new() { Timeout = 60_000 };

    [Fact]
    public async Task The_list_the_viewer_its_journal_incidents_and_attempts_follow_the_run()
    {
        await using var server = await WebServer.StartAsync(database.ConnectionString);
        var gate = new TaskCompletionSource();
        server.Script["prepare"] = new StepPlan(Gate: gate);
        server.Script["train_churn"] = new StepPlan(FailedTries: 9);
        (await server.Client.PostAsJsonAsync("/api/v2/dags/churn-daily/dagRuns", new { dag_run_id = "watched" })).EnsureSuccessStatusCode();
        var list = await (await server.Client.PostAsJsonAsync("/elsa/api/workflow-instances", new { pageSize = 1 })).Content.ReadFromJsonAsync<JsonObject>();
        var id = list!["items"]![0]!["id"]!.GetValue<string>();
        await using var watched = await browser.OpenAsync(1680, 1000);
        var page = watched.Page;

        await page.GotoAsync($"{server.Address}/studio/workflows/instances");
        await Expect(page.GetByText("watched").First).ToBeVisibleAsync(Patient);
        await watched.PictureAsync("studio-instances");

        await page.GotoAsync($"{server.Address}/studio/workflows/instances/{id}/view");
        await Expect(page.GetByText("Started").First).ToBeVisibleAsync(Patient);
        await watched.PictureAsync("studio-run-running");
        gate.SetResult();

        // Without a reload: the hub tells of the end, the incident's text is that of the failure.
        await Expect(page.GetByText("Faulted").First).ToBeVisibleAsync(Patient);
        await page.GetByText("Incidents").First.ClickAsync();
        await Expect(page.GetByText("orders.csv line 4711: 3 columns, expected 5").First).ToBeVisibleAsync(Patient);
        await watched.PictureAsync("studio-run-failed");

        // A task shows every attempt with its state.
        await page.GetByText("Build features").Last.ClickAsync();
        await Expect(page.GetByText("Workflow1:churn-daily-root:build_features").First).ToBeVisibleAsync(Patient);
        await watched.PictureAsync("studio-task");
        watched.ShouldBeClean();
    }
}
