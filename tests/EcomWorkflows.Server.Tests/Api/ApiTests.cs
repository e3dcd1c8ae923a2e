using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Testing;
using EcomWorkflows.Testing.Web;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Api;

public sealed class ApiTests : IClassFixture<RunningServer>
{
    private const string Dag = "/api/v2/dags/churn-daily";

    private readonly RunningServer server;

    public ApiTests(RunningServer server)
    {
        this.server = server;
        server.Web.Script.Clear();
    }

    [Fact]
    public async Task Dags_are_listed_under_airflows_names()
    {
        var list = await server.GetAsync("/api/v2/dags");

        list["total_entries"]!.GetValue<int>().ShouldBe(1);
        var dag = list["dags"]![0]!.AsObject();
        dag.Select(m => m.Key).ShouldBe(
        [
            "dag_id", "dag_display_name", "description", "is_paused", "is_stale", "last_parsed_time", "fileloc", "relative_fileloc", "timetable_summary", "timetable_description",
            "tags", "owners", "max_active_runs", "max_active_tasks", "has_import_errors", "next_dagrun_run_after", "latest_dag_version", "params",
        ]);
        dag["timetable_description"]!.GetValue<string>().ShouldBe("Every day at 03:00, UTC");
        dag["next_dagrun_run_after"]!.GetValue<DateTimeOffset>().TimeOfDay.ShouldBe(TimeSpan.FromHours(3));
        dag["params"]!["source"]!["value"]!.GetValue<string>().ShouldBe("shop");
    }

    [Theory]
    [InlineData("/api/v2/dags/nope", "There is no DAG 'nope'.")]
    [InlineData(Dag + "/dagRuns/nope", "DAG 'churn-daily' has no run 'nope'.")]
    [InlineData("/api/v2/nope", "There is no route GET /api/v2/nope. See /openapi/v2.json.")]
    [InlineData("/api/v2/nope.json", "There is no route GET /api/v2/nope.json. See /openapi/v2.json.")]
    [InlineData("/elsa/api/nope", "There is no route GET /elsa/api/nope. What Elsa Studio 3.8.2 asks for is there; see docs/studio.md.")]
    [InlineData("/elsa/api/nope/1.5", "There is no route GET /elsa/api/nope/1.5. What Elsa Studio 3.8.2 asks for is there; see docs/studio.md.")]
    public async Task What_is_not_there_is_a_problem_that_says_so(string address, string detail)
    {
        var answer = await server.Client.GetAsync(address);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await answer.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!.GetValue<string>().ShouldBe(detail);
    }

    [Theory]
    [InlineData("GET", "/api/v2/dags?limit=0", null, "limit is 0; allowed are 1 to 1000.")]
    [InlineData("GET", Dag + "/dagRuns?state=happy", null, "'happy' is no run state; allowed: queued, running, success, failed.")]
    [InlineData("GET", Dag + "/dagRuns?order_by=color", null, "'color' cannot be ordered by")]
    [InlineData("PATCH", Dag, "{}", "is_paused")]
    [InlineData("POST", Dag + "/dagRuns", """{"conf":{"sauce":"x"}}""", "parameter 'sauce' is not declared; declared: source, file")]
    [InlineData("POST", Dag + "/dagRuns", """{"conf":{"source":3}}""", "parameter 'source' must be string, got 3")]
    [InlineData("POST", Dag + "/dagRuns", """{"logical_date":"yesterday"}""", "logical_date cannot be read (line 1, column 28): a date or time such as 2026-01-31T06:00Z is needed.")]
    [InlineData("POST", Dag + "/dagRuns", """{"conf":[1]}""", "conf cannot be read (line 1, column 10): an object such as {\"name\": \"value\"} is needed.")]
    [InlineData("POST", Dag + "/dagRuns", """{"note":3}""", "note cannot be read (line 1, column 10): text is needed.")]
    [InlineData("POST", Dag + "/dagRuns", "[]", "The body cannot be read (line 1, column 2): an object such as")]
    [InlineData("POST", Dag + "/dagRuns", "not json", "The body cannot be read (line 1, column 2): 'not json' is an invalid JSON literal")]
    [InlineData("POST", Dag + "/dagRuns", """{"logical_dat":"2026-01-31"}""", "The body has a member 'logical_dat', which nobody reads; allowed: dag_run_id, logical_date, data_interval_start, data_interval_end, conf, note. Did you mean 'logical_date'?")]
    [InlineData("POST", Dag + "/dagRuns", """{"data_interval_start":"2026-01-31T06:00Z"}""", "data_interval_end is missing: give both ends of the data interval, or neither")]
    [InlineData("POST", Dag + "/dagRuns", """{"data_interval_end":"2026-01-31T06:00Z"}""", "data_interval_start is missing: give both ends of the data interval, or neither")]
    [InlineData("POST", Dag + "/dagRuns", """{"data_interval_start":"2026-01-31T06:00Z","data_interval_end":"2026-01-30T06:00Z"}""", "before it starts at 2026-01-31T06:00:00")]
    [InlineData("PATCH", Dag, """{"is_pausd":true}""", "The body has a member 'is_pausd', which nobody reads; allowed: is_paused. Did you mean 'is_paused'?")]
    [InlineData("PATCH", Dag + "/dagRuns/x", """{"stat":"failed"}""", "allowed: state, note. Did you mean 'state'?")]
    [InlineData("POST", Dag + "/dagRuns/x/clear", """{"dryrun":false}""", "allowed: dry_run, only_failed, run_on_latest_version, generation. Did you mean 'dry_run'?")]
    [InlineData("PATCH", Dag + "/dagRuns/x/taskInstances/a", """{"state":"failed"}""", "The body has a member 'state', which nobody reads; allowed: new_state")]
    [InlineData("POST", Dag + "/dagRuns/x/taskInstances/a/approval", """{"answer":"approve"}""", "allowed: decision, comment.")]
    [InlineData("POST", "/api/v2/backfills/dry_run", """{"dag":"x"}""", "The body has a member 'dag', which nobody reads; allowed: dag_id, from_date")]
    [InlineData("POST", "/api/v2/pools", """{"name":"p","slots":1,"include_deferred":true}""", "allowed: name, slots, description.")]
    [InlineData("PATCH", "/api/v2/pools/default_pool", """{"name":"other","slots":1}""", "The body is of pool 'other', the address of 'default_pool'.")]
    [InlineData("POST", "/api/v2/variables", """{"key":"k","val":"v"}""", "allowed: key, value, description, is_secret.")]
    [InlineData("POST", "/api/v2/connections", """{"connection_id":"c","type":"http"}""", "allowed: connection_id, conn_type, description, host, login, schema, port, password, extra.")]
    [InlineData("POST", "/api/v2/assets/events", """{"asset":"a"}""", "allowed: name, row_count, extra.")]
    [InlineData("POST", "/api/v2/auth/token", """{"user":"ann"}""", "allowed: username, password.")]
    [InlineData("POST", Dag + "/clearTaskInstances", """{"dag_run_id":"x","include_downsteam":true}""", "Did you mean 'include_downstream'?")]
    [InlineData("POST", Dag + "/clearTaskInstances", """{"dag_run_id":"x","task_ids":"a"}""", "task_ids cannot be read (line 1, column 33): a list is needed.")]
    [InlineData("POST", Dag + "/clearTaskInstances", "{}", "dag_run_id is missing")]
    public async Task Requests_that_make_no_sense_are_told_what_was_allowed(string method, string address, string? body, string detail)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        if (body is not null)
            request.Content = new StringContent(body, MediaTypeHeaderValue.Parse("application/json"));

        var answer = await server.Client.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!.GetValue<string>().ShouldContain(detail);
    }

    [Theory]
    [InlineData("POST", Dag + "/dagRuns", """{"note":"a\u0000"}""")]
    [InlineData("POST", Dag + "/dagRuns", """{"conf":{"source":"\u0000"}}""")]
    [InlineData("POST", Dag + "/dagRuns", """{"conf":{"source":"\ud800"}}""")]
    [InlineData("POST", Dag + "/clearTaskInstances", """{"dag_run_id":"a\u0000"}""")]
    [InlineData("GET", "/api/v2/eventLogs?dag_id=%00", null)]
    [InlineData("GET", "/api/v2/backfills?dag_id=%00", null)]
    [InlineData("GET", "/elsa/api/workflow-definitions?searchTerm=%00", null)]
    [InlineData("POST", "/elsa/api/workflow-definitions/churn-daily/execute", """{"input":{"source":"\u0000"}}""")]
    public async Task Text_that_cannot_be_kept_is_a_bad_request(string method, string address, string? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        if (body is not null)
            request.Content = new StringContent(body, MediaTypeHeaderValue.Parse("application/json"));

        var answer = await server.Client.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("no half of a surrogate pair");
    }

    [Fact]
    public async Task A_form_with_text_that_cannot_be_kept_is_a_bad_request()
    {
        var answer = await server.Client.PostAsync("/dags/churn-daily/trigger", new StringContent("note=a%00", MediaTypeHeaderValue.Parse("application/x-www-form-urlencoded")));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("no half of a surrogate pair");
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a b/c?d")]
    [InlineData("team/nightly")]
    [InlineData("a\0")]
    public async Task A_run_whose_name_could_not_stand_in_an_address_is_refused(string name)
    {
        var answer = await server.Client.PostAsJsonAsync($"{Dag}/dagRuns", new { dag_run_id = name });

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!.GetValue<string>().ShouldContain($"'{name}' cannot be the name of a run (dag_run_id). Use 1 to 250 letters");
    }

    [Fact]
    public async Task A_run_is_reached_by_every_name_that_is_allowed()
    {
        const string Name = "nightly__2026-11-01T06:00:00.5+01:00~2";
        (await server.Client.PostAsJsonAsync($"{Dag}/dagRuns", new { dag_run_id = Name })).EnsureSuccessStatusCode();

        ((string?)(await server.GetAsync($"{Dag}/dagRuns/{Name}"))["dag_run_id"]).ShouldBe(Name);
    }

    [Fact]
    public async Task A_run_may_be_given_its_data_interval()
    {
        (await server.Client.PostAsJsonAsync($"{Dag}/dagRuns", new { dag_run_id = "interval", data_interval_start = "2026-01-31T06:00Z", data_interval_end = "2026-02-01T00:00Z" })).EnsureSuccessStatusCode();

        var run = await server.GetAsync($"{Dag}/dagRuns/interval");
        run["data_interval_start"]!.GetValue<DateTimeOffset>().ShouldBe(new DateTimeOffset(2026, 1, 31, 6, 0, 0, TimeSpan.Zero));
        run["data_interval_end"]!.GetValue<DateTimeOffset>().ShouldBe(new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_run_that_has_ended_is_deleted_and_no_other()
    {
        (await server.RunToEndAsync("delete-me")).ShouldBe("success");
        server.Web.Script["ingest_events"] = new StepPlan(Gate: new TaskCompletionSource());
        (await server.Client.PostAsJsonAsync($"{Dag}/dagRuns", new { dag_run_id = "keep-me" })).EnsureSuccessStatusCode();

        (await server.Client.DeleteAsync($"{Dag}/dagRuns/delete-me")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await server.Client.DeleteAsync($"{Dag}/dagRuns/delete-me")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var refused = await server.Client.DeleteAsync($"{Dag}/dagRuns/keep-me");
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("Only runs that have ended can be deleted");
        await PatchAsync($"{Dag}/dagRuns/keep-me", new { state = "failed" });
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType, "The body's content type is 'application/x-www-form-urlencoded'; send it as 'application/json'.")]
    [InlineData(null, HttpStatusCode.UnsupportedMediaType, "The body's content type is missing; send it as 'application/json'.")]
    [InlineData("application/json", HttpStatusCode.BadRequest, "parameter 'sauce' is not declared")]
    public async Task A_body_that_is_not_said_to_be_json_is_refused_for_that(string? type, HttpStatusCode status, string detail)
    {
        using var content = new ByteArrayContent("""{"conf":{"sauce":1}}"""u8.ToArray());
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);

        var answer = await server.Client.PostAsync(Dag + "/dagRuns", content);

        answer.StatusCode.ShouldBe(status);
        (await answer.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!.GetValue<string>().ShouldContain(detail);
        using var elsewhere = new ByteArrayContent([1]);
        (await server.Client.PostAsync("/api/v2/nope", elsewhere)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var plain = new StringContent("{}", MediaTypeHeaderValue.Parse("text/plain"));
        (await server.Client.PostAsync("/elsa/api/workflow-definitions/churn-daily/execute", plain)).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task A_dag_is_paused_and_unpaused()
    {
        (await PatchAsync(Dag, new { is_paused = true }))["is_paused"]!.GetValue<bool>().ShouldBeTrue();
        (await server.GetAsync("/api/v2/dags?paused=true"))["total_entries"]!.GetValue<int>().ShouldBe(1);
        (await PatchAsync(Dag, new { is_paused = false }))["is_paused"]!.GetValue<bool>().ShouldBeFalse();
        (await server.GetAsync("/api/v2/eventLogs?dag_id=churn-daily"))["event_logs"]!.AsArray().Select(e => e!["event"]!.GetValue<string>()).ShouldContain("dag_unpaused");
    }

    [Fact]
    public async Task Event_logs_count_all_events_not_those_of_the_page()
    {
        await server.RunToEndAsync("events");
        var address = "/api/v2/eventLogs?dag_id=churn-daily&run_id=events";
        var all = await server.GetAsync(address + "&limit=1000");
        var count = all["event_logs"]!.AsArray().Count;

        var page = await server.GetAsync(address + "&limit=5");

        (page["event_logs"]!.AsArray().Count, page["total_entries"]!.GetValue<int>()).ShouldBe((5, count));
        all["total_entries"]!.GetValue<int>().ShouldBe(count);
    }

    [Fact]
    public async Task All_events_are_counted_also_when_most_were_counted_before()
    {
        await using var connection = await server.Web.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        async Task ChangeAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
            await using var count = new NpgsqlCommand("select count(*) from orchestration.event", connection);
            (await server.GetAsync("/api/v2/eventLogs?limit=1"))["total_entries"]!.GetValue<long>().ShouldBe((long)(await count.ExecuteScalarAsync())!);
        }

        await ChangeAsync("insert into orchestration.event (kind, actor) select 'note', 'test' from generate_series(1, 25000)");
        await ChangeAsync("insert into orchestration.event (kind, actor) select 'note', 'test' from generate_series(1, 12000)");
        await ChangeAsync("delete from orchestration.event where event_id < (select min(event_id) + 5000 from orchestration.event)");
    }

    [Fact]
    public async Task A_run_its_tasks_tries_and_logs_can_be_read()
    {
        server.Web.Script["prepare"] = new StepPlan(FailedTries: 1);
        (await server.RunToEndAsync("read-me", new { source = "online-retail" })).ShouldBe("success");

        var run = await server.GetAsync($"{Dag}/dagRuns/read-me");
        run["conf"]!.ToJsonString().ShouldContain("online-retail");
        run["run_type"]!.GetValue<string>().ShouldBe("manual");
        run["duration"]!.GetValue<double>().ShouldBeGreaterThan(0);

        var tasks = await server.GetAsync($"{Dag}/dagRuns/read-me/taskInstances");
        tasks["total_entries"]!.GetValue<int>().ShouldBe(19);
        tasks["task_instances"]!.AsArray().ShouldAllBe(t => t!["state"]!.GetValue<string>() == "success");

        var tries = (await server.GetAsync($"{Dag}/dagRuns/read-me/taskInstances/prepare/tries"))["task_instances"]!.AsArray();
        tries.Select(t => t!["state"]!.GetValue<string>()).ShouldBe(["failed", "success"]);
        tries[0]!["cause"]!.GetValue<string>().ShouldBe("bad_data");

        var log = await server.GetAsync($"{Dag}/dagRuns/read-me/taskInstances/prepare/logs/1");
        log["continuation_token"].ShouldBeNull();
        log["content"]!.AsArray().Select(l => l!["event"]!.GetValue<string>()).ShouldContain("Line 4711 has 3 columns, expected 5");
        log["content"]!.AsArray().Single(l => l!["level"]!.GetValue<string>() == "warning")!["fields"]!.ToJsonString().ShouldContain("4711");
    }

    [Fact]
    public async Task A_log_is_also_plain_text_and_a_stream_that_goes_on_where_it_broke_off()
    {
        await server.RunToEndAsync("logs");
        var address = $"{Dag}/dagRuns/logs/taskInstances/prepare/logs/1";

        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("text/plain");
        var text = await (await server.Client.SendAsync(request)).Content.ReadAsStringAsync();
        text.ShouldContain("Kept 1234 rows");

        var all = await server.Client.GetStringAsync(address + "/stream");
        all.ShouldContain("event: end");
        var first = all.Split('\n').First(l => l.StartsWith("id: ", StringComparison.Ordinal))["id: ".Length..];
        using var resumed = new HttpRequestMessage(HttpMethod.Get, address + "/stream");
        resumed.Headers.Add("Last-Event-ID", first);
        var rest = await (await server.Client.SendAsync(resumed)).Content.ReadAsStringAsync();
        rest.ShouldNotContain($"id: {first}\n");
        rest.ShouldContain("Kept 1234 rows");
    }

    [Fact]
    public async Task A_clear_only_says_what_it_would_do_unless_told_otherwise()
    {
        server.Web.Script["train_churn"] = new StepPlan(FailedTries: 2);
        (await server.RunToEndAsync("clear-me")).ShouldBe("failed");

        (await ClearAsync(new { dag_run_id = "clear-me" })).ShouldBe(["train_churn", "score_churn", "check_score_drift", "select_retention_targets"], ignoreOrder: true);
        (await server.GetAsync($"{Dag}/dagRuns/clear-me"))["state"]!.GetValue<string>().ShouldBe("failed");
        (await ClearAsync(new { dag_run_id = "clear-me", only_failed = false, task_ids = new[] { "version_datasets" }, include_downstream = true }))
            .ShouldBe(["version_datasets", "train_churn", "score_churn", "check_score_drift", "select_retention_targets"], ignoreOrder: true);

        (await ClearAsync(new { dag_run_id = "clear-me", dry_run = false })).ShouldBe(["train_churn", "score_churn", "check_score_drift", "select_retention_targets"], ignoreOrder: true);
        (await server.WaitAsync("clear-me")).ShouldBe("success");
    }

    [Fact]
    public async Task A_run_is_cancelled_and_run_again()
    {
        var gate = new TaskCompletionSource();
        server.Web.Script["build_features"] = new StepPlan(Gate: gate);
        (await server.Client.PostAsJsonAsync($"{Dag}/dagRuns", new { dag_run_id = "cancel-me" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.Client.PostAsJsonAsync($"{Dag}/dagRuns", new { dag_run_id = "cancel-me" })).StatusCode.ShouldBe(HttpStatusCode.Conflict);

        (await PatchAsync($"{Dag}/dagRuns/cancel-me", new { state = "failed" }))["state"]!.GetValue<string>().ShouldBe("failed");
        (await server.Client.PatchAsJsonAsync($"{Dag}/dagRuns/cancel-me", new { state = "failed" })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        gate.SetResult();
        await PatchAsync($"{Dag}/dagRuns/cancel-me", new { state = "queued" });
        (await server.WaitAsync("cancel-me")).ShouldBe("success");
    }

    [Fact]
    public async Task An_open_stream_does_not_hold_up_the_servers_stop()
    {
        await using var database = new PostgresFixture();
        var own = await WebServer.StartAsync(await database.CreateDatabaseAsync());
        own.Script["ingest_events"] = new StepPlan(Gate: new TaskCompletionSource());
        (await own.Client.PostAsJsonAsync($"{Dag}/dagRuns", new { dag_run_id = "endless" })).EnsureSuccessStatusCode();
        await using var stream = await own.Client.GetStreamAsync($"{Dag}/dagRuns/endless/watch");
        (await stream.ReadAsync(new byte[1])).ShouldBe(1);

        var since = TimeProvider.System.GetTimestamp();
        await own.DisposeAsync();

        TimeProvider.System.GetElapsedTime(since).ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Import_errors_have_file_and_place()
    {
        var store = server.Web.Services.GetRequiredService<DagStore>();
        await store.ReplaceImportErrorsAsync([new ImportError("bad.json", [new DagProblem("root.schedule", "wrong")], DateTimeOffset.UnixEpoch)], CancellationToken.None);

        var error = (await server.GetAsync("/api/v2/importErrors"))["import_errors"]![0]!;

        error["filename"]!.GetValue<string>().ShouldBe("bad.json");
        error["stack_trace"]!.GetValue<string>().ShouldBe("root.schedule: wrong");
        error["problems"]![0]!["place"]!.GetValue<string>().ShouldBe("root.schedule");
    }

    [Fact]
    public async Task Health_version_and_the_description_of_the_api_are_there()
    {
        (await server.GetAsync("/api/v2/monitor/health"))["metadatabase"]!["status"]!.GetValue<string>().ShouldBe("healthy");
        (await server.GetAsync("/api/v2/version"))["version"]!.GetValue<string>().ShouldNotBeEmpty();

        var paths = (await server.GetAsync("/openapi/v2.json"))["paths"]!.AsObject().Select(p => p.Key).ToList();

        paths.ShouldContain("/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/logs/{try_number}");
        paths.ShouldAllBe(p => p.StartsWith("/api/v2/"));
    }

    private async Task<JsonObject> PatchAsync(string address, object body)
    {
        var answer = await server.Client.PatchAsJsonAsync(address, body);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    private async Task<IEnumerable<string>> ClearAsync(object body)
    {
        var answer = await server.Client.PostAsJsonAsync($"{Dag}/clearTaskInstances", body);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["task_instances"]!.AsArray().Select(t => t!["task_id"]!.GetValue<string>());
    }
}
