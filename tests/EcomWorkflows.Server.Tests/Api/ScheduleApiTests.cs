using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Api;

public sealed class ScheduleApiTests : IClassFixture<RunningServer>
{
    private readonly RunningServer server;

    public ScheduleApiTests(RunningServer server)
    {
        this.server = server;
        server.Web.Script.Clear();
    }

    [Fact]
    public async Task The_schedule_preview_shows_the_next_fire_times_and_what_they_cover()
    {
        var preview = await server.GetAsync("/api/v2/dags/churn-daily/schedule-preview");

        var fires = preview["fire_times"]!.AsArray();
        fires.Count.ShouldBe(20);
        fires[0]!["run_after"]!.GetValue<DateTimeOffset>().TimeOfDay.ShouldBe(TimeSpan.FromHours(3));
        fires[0]!["data_interval_start"]!.GetValue<DateTimeOffset>().ShouldBe(fires[0]!["run_after"]!.GetValue<DateTimeOffset>().AddDays(-1));
        (await server.GetAsync("/api/v2/dags/churn-daily/schedule-preview?count=3"))["fire_times"]!.AsArray().Count.ShouldBe(3);
        (await DetailAsync(await server.Client.GetAsync("/api/v2/dags/churn-daily/schedule-preview?count=0"), HttpStatusCode.BadRequest)).ShouldBe("count is 0; allowed are 1 to 400.");
    }

    [Fact]
    public async Task A_stored_schedule_that_is_refused_now_is_an_import_error_of_its_dag_and_the_others_go_on()
    {
        var old = new Dag("dated", "dated", null, new DagSettings { Schedule = ["0 0 * FEBRUAR *"] }, [], [new DagTask("a", "Core.Empty", "a", [], new TaskSettings())], []);
        await server.Web.Services.GetRequiredService<DagStore>().ImportAsync(old, "{}", "hash", default(SourceFile), "test", CancellationToken.None);

        var dags = (await server.GetAsync("/api/v2/dags"))["dags"]!.AsArray().ToDictionary(dag => dag!["dag_id"]!.GetValue<string>());
        var error = (await server.GetAsync("/api/v2/importErrors"))["import_errors"]!.AsArray().Single(e => (string)e!["filename"]! == "dated")!;

        (dags["dated"]!["has_import_errors"]!.GetValue<bool>(), dags["dated"]!["next_dagrun_run_after"]).ShouldBe((true, null));
        (dags["churn-daily"]!["has_import_errors"]!.GetValue<bool>(), dags["churn-daily"]!["next_dagrun_run_after"] is null).ShouldBe((false, false));
        var problem = error["problems"]![0]!;
        problem["place"]!.GetValue<string>().ShouldBe("root.schedule");
        problem["message"]!.GetValue<string>().ShouldContain("'FEBRUAR' is no month");
        (await server.GetAsync("/api/v2/dags/dated/schedule-preview"))["problem"]!.GetValue<string>().ShouldContain("'FEBRUAR' is no month");
        foreach (var page in new[] { "/", "/dags/dated", "/dags/dated/schedule" })
            (await server.Client.GetStringAsync(page)).ShouldContain("&#x27;FEBRUAR&#x27; is no month", customMessage: page);
    }

    [Fact]
    public async Task A_backfill_is_planned_made_and_runs_to_its_end()
    {
        var body = new { dag_id = "churn-daily", from_date = "2026-10-01T00:00:00Z", to_date = "2026-10-03T23:00:00Z", dag_run_conf = new { source = "online-retail" } };
        var plan = await PostAsync("/api/v2/backfills/dry_run", body);
        plan["total_entries"]!.GetValue<int>().ShouldBe(3);
        plan["backfills"]![0]!["action"]!.GetValue<string>().ShouldBe("create");

        var made = await PostAsync("/api/v2/backfills", body);
        var id = made["id"]!.GetValue<long>();
        made["state"]!.GetValue<string>().ShouldBe("running");
        made["reprocess_behavior"]!.GetValue<string>().ShouldBe("none");
        (await DetailAsync(await server.Client.PostAsJsonAsync("/api/v2/backfills", body), HttpStatusCode.BadRequest)).ShouldContain($"has a backfill that is not finished ({id})");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while ((await server.GetAsync($"/api/v2/backfills/{id}"))["state"]!.GetValue<string>() != "completed")
            await Task.Delay(200, patience.Token);

        var dates = (await server.GetAsync($"/api/v2/backfills/{id}/dates"))["backfills"]!.AsArray();
        dates.ShouldAllBe(d => (string)d!["state"]! == "started" && (string)d["dag_run_state"]! == "success");
        var run = await server.GetAsync($"/api/v2/dags/churn-daily/dagRuns/{(string)dates[0]!["dag_run_id"]!}");
        (run["run_type"]!.GetValue<string>(), run["conf"]!["source"]!.GetValue<string>()).ShouldBe(("backfill", "online-retail"));
        (await server.GetAsync("/api/v2/backfills?dag_id=churn-daily"))["backfills"]![0]!["succeeded"]!.GetValue<int>().ShouldBe(3);
        (await DetailAsync(await server.Client.PutAsync($"/api/v2/backfills/{id}/cancel", null), HttpStatusCode.BadRequest)).ShouldContain("it can no longer be changed");
    }

    [Theory]
    [InlineData("""{"dag_id":"churn-daily"}""", HttpStatusCode.BadRequest, "dag_id, from_date and to_date are needed")]
    [InlineData("""{"dag_id":"churn-daily","from_date":"2026-10-03T00:00:00Z","to_date":"2026-10-01T00:00:00Z"}""", HttpStatusCode.BadRequest, "is after its last")]
    [InlineData("""{"dag_id":"churn-daily","from_date":"2026-10-01T00:00:00Z","to_date":"2026-10-01T00:00:00Z","reprocess_behavior":"all"}""", HttpStatusCode.BadRequest, "reprocess_behavior is 'all'; allowed: none, failed, completed.")]
    [InlineData("""{"dag_id":"churn-daily","from_date":"2026-10-01T00:00:00Z","to_date":"2026-10-05T00:00:00Z","dag_run_conf":{"sauce":1}}""", HttpStatusCode.BadRequest, "parameter 'sauce' is not declared")]
    [InlineData("""{"dag_id":"churn-daily","from_date":"2026-10-01T00:00:00Z","to_date":"2026-10-05T00:00:00Z","run_on_latest_version":true}""", HttpStatusCode.BadRequest, "run_on_latest_version is not offered")]
    [InlineData("""{"dag_id":"nope","from_date":"2026-10-01T00:00:00Z","to_date":"2026-10-05T00:00:00Z"}""", HttpStatusCode.NotFound, "There is no DAG 'nope'.")]
    public async Task A_backfill_that_makes_no_sense_is_refused(string body, HttpStatusCode status, string detail)
    {
        using var content = new StringContent(body, System.Net.Http.Headers.MediaTypeHeaderValue.Parse("application/json"));

        (await DetailAsync(await server.Client.PostAsync("/api/v2/backfills", content), status)).ShouldContain(detail);
    }

    [Fact]
    public async Task Assets_their_graph_and_their_events_can_be_asked_for()
    {
        (await server.RunToEndAsync("assets")).ShouldBe("success");

        var assets = (await server.GetAsync("/api/v2/assets?name_pattern=silver.shop.events"))["assets"]!.AsArray();
        var silver = assets.ShouldHaveSingleItem()!;
        silver["producing_tasks"]![0]!["task_id"]!.GetValue<string>().ShouldBe("prepare");
        silver["consuming_tasks"]!.AsArray().Select(t => (string)t!["task_id"]!).ShouldContain("build_features");
        var made = (await server.GetAsync("/api/v2/assets/events?name=silver.shop.events"))["asset_events"]![0]!;
        (made["source_dag_id"]!.GetValue<string>(), made["source_task_id"]!.GetValue<string>()).ShouldBe(("churn-daily", "prepare"));
        var graph = await server.GetAsync("/api/v2/assets/graph");
        graph["edges"]!.AsArray().Select(e => ((string)e!["source_id"]!, (string)e["target_id"]!)).ShouldContain(("task:churn-daily/prepare", "asset:silver.shop.events"));
        graph["nodes"]!.AsArray().Select(n => (string)n!["id"]!).ShouldBeUnique();
        (await server.GetAsync("/api/v2/dags/churn-daily/dagRuns/assets/upstreamAssetEvents"))["total_entries"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task An_event_from_outside_is_recorded_for_an_asset_that_is_known()
    {
        var made = await PostAsync("/api/v2/assets/events", new { name = "gold.churn_predictions", row_count = 12, extra = new { by = "a notebook" } });

        (made["row_count"]!.GetValue<long>(), (string?)made["source_dag_id"], made["extra"]!["by"]!.GetValue<string>()).ShouldBe((12, null, "a notebook"));
        (await DetailAsync(await server.Client.PostAsJsonAsync("/api/v2/assets/events", new { name = "nope" }), HttpStatusCode.NotFound)).ShouldContain("There is no asset 'nope'");
        (await DetailAsync(await server.Client.PostAsJsonAsync("/api/v2/assets/events", new { }), HttpStatusCode.BadRequest)).ShouldContain("name is needed");
    }

    private async Task<JsonObject> PostAsync(string address, object body)
    {
        var answer = await server.Client.PostAsJsonAsync(address, body);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    private static async Task<string> DetailAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        answer.StatusCode.ShouldBe(status);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!.GetValue<string>();
    }
}
