using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Testing.Web;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Api;

/// <summary>Clear, mark, notes, pools and reasons for waiting over HTTP.</summary>
public sealed class RerunApiTests : IClassFixture<RunningServer>
{
    private const string Dag = "/api/v2/dags/churn-daily";

    private readonly RunningServer server;

    public RerunApiTests(RunningServer server)
    {
        this.server = server;
        server.Web.Script.Clear();
    }

    [Fact]
    public async Task A_clear_over_past_runs_shows_every_run_and_refuses_a_stale_decision()
    {
        await server.RunToEndAsync("past-1");
        await server.RunToEndAsync("past-2");

        var preview = await PostAsync($"{Dag}/clearTaskInstances", new { dag_run_id = "past-2", task_ids = new[] { "score_churn" }, only_failed = false, include_past = true });

        preview["dry_run"]!.GetValue<bool>().ShouldBeTrue();
        preview["runs"]!.AsArray().Select(r => r!["dag_run_id"]!.GetValue<string>()).ShouldContain("past-1");
        var generation = preview["runs"]!.AsArray().Single(r => r!["dag_run_id"]!.GetValue<string>() == "past-2")!["generation"]!.GetValue<int>();
        var clear = new { dag_run_id = "past-2", task_ids = new[] { "score_churn" }, only_failed = false, dry_run = false, generation };
        await PostAsync($"{Dag}/clearTaskInstances", clear);
        (await server.WaitAsync("past-2")).ShouldBe("success");
        (await server.Client.PostAsJsonAsync($"{Dag}/clearTaskInstances", clear)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await server.GetAsync($"{Dag}/dagRuns/past-2"))["generation"]!.GetValue<int>().ShouldBe(generation + 1);
    }

    [Theory]
    [InlineData("""{"dag_run_id": "x", "reset_dag_runs": false}""", "reset_dag_runs is false")]
    [InlineData("""{"dag_run_id": "x", "only_running": true}""", "only_running is true")]
    [InlineData("""{"start_date": "2026-01-02T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"}""", "ends (2026-01-01")]
    [InlineData("""{"dag_run_id": "x", "task_ids": [5]}""", "task_ids has 5; allowed are a task id")]
    public async Task A_clear_that_makes_no_sense_says_why(string body, string words)
    {
        var answer = await server.Client.PostAsync($"{Dag}/clearTaskInstances", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!.GetValue<string>().ShouldContain(words);
    }

    [Fact]
    public async Task A_failed_task_is_marked_with_a_preview_first_and_the_rest_goes_on()
    {
        server.Web.Script["train_churn"] = new StepPlan(FailedTries: 2);
        (await server.RunToEndAsync("mark-me")).ShouldBe("failed");
        var task = $"{Dag}/dagRuns/mark-me/taskInstances/train_churn";

        var preview = await PatchAsync(task + "/dry_run", new { new_state = "skipped" });
        preview["runs"]![0]!["rederived_task_ids"]!.AsArray().Select(t => t!.GetValue<string>()).ShouldBe(["score_churn", "check_score_drift", "select_retention_targets"], ignoreOrder: true);
        (await server.GetAsync(task))["state"]!.GetValue<string>().ShouldBe("failed");
        await PatchAsync(task, new { new_state = "success", note = "by hand" });

        (await server.WaitAsync("mark-me")).ShouldBe("success");
        var marked = await server.GetAsync(task);
        (marked["state"]!.GetValue<string>(), marked["note"]!.GetValue<string>()).ShouldBe(("success", "by hand"));
        (await server.Client.PatchAsJsonAsync(task, new { new_state = "happy" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await server.Client.PatchAsJsonAsync(task, new { })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await server.Client.PatchAsJsonAsync($"{Dag}/dagRuns/mark-me/taskInstances/nope", new { new_state = "success" })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_run_is_annotated_marked_and_cleared_as_a_whole()
    {
        server.Web.Script["train_churn"] = new StepPlan(FailedTries: 2);
        (await server.RunToEndAsync("whole")).ShouldBe("failed");

        (await PatchAsync($"{Dag}/dagRuns/whole", new { note = "looked at" }))["note"]!.GetValue<string>().ShouldBe("looked at");
        (await PatchAsync($"{Dag}/dagRuns/whole", new { state = "success" }))["state"]!.GetValue<string>().ShouldBe("success");
        (await PostAsync($"{Dag}/dagRuns/whole/clear", new { }))["total_entries"]!.GetValue<int>().ShouldBe(19);
        (await PostAsync($"{Dag}/dagRuns/whole/clear", new { dry_run = false }))["clear_number"]!.GetValue<int>().ShouldBe(1);
        (await server.WaitAsync("whole")).ShouldBe("success");
    }

    [Fact]
    public async Task What_waits_says_for_what()
    {
        var gate = new TaskCompletionSource();
        server.Web.Script["validate_events"] = new StepPlan(Gate: gate);
        server.Web.Script["build_features"] = new StepPlan(Gate: gate);
        await server.Client.PostAsJsonAsync($"{Dag}/dagRuns", new { dag_run_id = "waiting" });

        var wait = await server.GetAsync($"{Dag}/dagRuns/waiting/taskInstances/score_churn/wait-reasons");

        var reason = wait["task_instances"]![0]!["reasons"]![0]!;
        reason["kind"]!.GetValue<string>().ShouldBe("upstreams");
        reason["task_ids"]!.AsArray().Select(t => t!.GetValue<string>()).ShouldContain("train_churn");
        (await server.GetAsync($"{Dag}/dagRuns/waiting/wait-reasons"))["task_instances"]!.AsArray().Count.ShouldBeGreaterThan(1);
        (await server.Client.GetFromJsonAsync<JsonArray>($"{Dag}/wait-reasons"))!.ShouldNotBeEmpty();
        (await server.Client.GetAsync($"{Dag}/dagRuns/waiting/taskInstances/nope/wait-reasons")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        gate.SetResult();
        await server.WaitAsync("waiting");
    }

    [Fact]
    public async Task Pools_are_made_read_changed_and_deleted()
    {
        (await server.Client.PostAsJsonAsync("/api/v2/pools", new { name = "gpu", slots = 2, description = "cards" })).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await server.Client.PostAsJsonAsync("/api/v2/pools", new { name = "gpu", slots = 2 })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await server.Client.PostAsJsonAsync("/api/v2/pools", new { name = "gpu2" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await PatchAsync("/api/v2/pools/gpu", new { slots = 3 }))["open_slots"]!.GetValue<int>().ShouldBe(3);
        (await server.GetAsync("/api/v2/pools"))["pools"]!.AsArray().Select(p => p!["name"]!.GetValue<string>()).ShouldBe(["default_pool", "gpu"]);
        (await server.Client.DeleteAsync("/api/v2/pools/gpu")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await server.Client.GetAsync("/api/v2/pools/gpu")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Client.DeleteAsync("/api/v2/pools/default_pool")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_pool_that_became_too_small_is_warned_of()
    {
        var pools = server.Web.Services.GetRequiredService<PoolStore>();
        await pools.SetAsync("default_pool", 0, null, "test", CancellationToken.None);
        var warnings = await server.GetAsync("/api/v2/dagWarnings?dag_id=churn-daily");
        await pools.SetAsync("default_pool", 128, null, "test", CancellationToken.None);

        warnings["total_entries"]!.GetValue<int>().ShouldBe(19);
        warnings["dag_warnings"]![0]!["warning_type"]!.GetValue<string>().ShouldBe("task wider than its pool");
    }

    private async Task<JsonObject> PostAsync(string address, object body) => await ReadAsync(await server.Client.PostAsJsonAsync(address, body));

    private async Task<JsonObject> PatchAsync(string address, object body) => await ReadAsync(await server.Client.PatchAsJsonAsync(address, body));

    private static async Task<JsonObject> ReadAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonNode.Parse(text)!.AsObject();
    }
}
