using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Server.Tests.Api;
using EcomWorkflows.Testing.Web;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Dashboards;

/// <summary>Pages as a browser without JavaScript gets them.</summary>
public sealed class PageTests : IClassFixture<RunningServer>
{
    private readonly RunningServer server;

    public PageTests(RunningServer server)
    {
        this.server = server;
        server.Web.Script.Clear();
    }

    [Fact]
    public async Task The_form_for_a_run_has_a_field_of_its_type_for_each_parameter()
    {
        await ImportTypedAsync();

        var page = await PageAsync("/dags/typed/run");

        page.ShouldContain("""<label for="param-text">""");
        page.ShouldMatch("""<input id="param-count" name="param.count" type="number" step="1" value="3" """);
        page.ShouldMatch("""<input id="param-share"[^>]*step="any"[^>]*required""");
        page.ShouldMatch("""<select id="param-really".*?<option value="true" selected""");
        page.ShouldMatch("""<select id="param-mode"[^>]*>\s*<option value="full" selected[^>]*>full</option>\s*<option value="daily">daily</option>""");
        page.ShouldMatch("""<textarea id="param-list"[^>]*>\[1,2\]</textarea>""");
    }

    [Fact]
    public async Task A_shortened_address_leads_to_what_lies_above()
    {
        await ImportTypedAsync();

        (await PageAsync("/dags")).ShouldContain("<h1>DAGs</h1>");
        (await PageAsync("/dags/typed/runs")).ShouldBe(await PageAsync("/dags/typed"));
    }

    [Fact]
    public async Task What_was_typed_wrongly_comes_back_beside_its_field_and_nothing_starts()
    {
        await ImportTypedAsync();

        var (status, page) = await PostAsync("/dags/typed/trigger", ("param.text", "<b>kept</b>"), ("param.count", "many"), ("param.share", ""), ("param.list", "{}"), ("param.mode", "weekly"), ("logical_date", "soon"));

        status.ShouldBe(HttpStatusCode.BadRequest);
        page.ShouldContain("&#x27;many&#x27; is not integer.");
        page.ShouldContain("Give a value; it must be number.");
        page.ShouldContain("&#x27;{}&#x27; is not array");
        page.ShouldContain("&#x27;weekly&#x27; is none of the allowed values: &quot;full&quot;, &quot;daily&quot;.");
        page.ShouldMatch("""<select id="param-mode"[^>]*>\s*<option value selected>choose…</option>""");
        page.ShouldContain("&#x27;soon&#x27; is no date and time");
        page.ShouldContain("&lt;b&gt;kept&lt;/b&gt;");
        page.ShouldContain("""aria-invalid="true" """.TrimEnd());
        (await server.GetAsync("/api/v2/dags/typed/dagRuns"))["total_entries"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task A_run_is_started_with_typed_parameters_a_date_a_name_and_a_note()
    {
        await ImportTypedAsync();

        var (status, page) = await PostAsync(
            "/dags/typed/trigger", ("param.text", "a b"), ("param.count", ""), ("param.share", "0.5"), ("param.really", "false"), ("param.list", "[3]"),
            ("logical_date", "2026-03-04T05:06"), ("run_key", "by-hand"), ("note", "for the audit"));

        status.ShouldBe(HttpStatusCode.OK);
        page.ShouldContain("The run was created.");
        var run = await server.GetAsync("/api/v2/dags/typed/dagRuns/by-hand");
        JsonNode.DeepEquals(run["conf"], JsonNode.Parse("""{"text":"a b","count":3,"share":0.5,"really":false,"list":[3],"mode":"full"}""")).ShouldBeTrue(run["conf"]!.ToJsonString());
        run["logical_date"]!.GetValue<DateTimeOffset>().ShouldBe(new DateTimeOffset(2026, 3, 4, 5, 6, 0, TimeSpan.Zero));
        run["note"]!.GetValue<string>().ShouldBe("for the audit");
    }

    [Fact]
    public async Task Runs_are_listed_filtered_and_paged_by_key()
    {
        server.Web.Script["train_churn"] = new StepPlan(FailedTries: 9);
        await server.RunToEndAsync("page-failed");
        server.Web.Script.Clear();
        for (var i = 0; i < 51; i++)
            await server.Client.PostAsync("/api/v2/dags/churn-daily/dagRuns", JsonContent($"{{\"dag_run_id\":\"page-{i:00}\"}}"));

        var first = await PageAsync("/runs?dag=churn-daily");
        first.ShouldContain("page-50<");
        first.ShouldNotContain("page-failed<");
        var older = Regex.Match(first, """<a href="([^"]+)" rel="next">Older""").Groups[1].Value;
        var second = await PageAsync(WebUtility.HtmlDecode(older));
        second.ShouldContain("page-failed<");
        second.ShouldNotContain("page-50<");
        second.ShouldNotContain("rel=\"next\"");

        (await PageAsync("/runs?failed=true")).ShouldContain("page-failed<");
        (await PageAsync("/runs?state=failed&q=PAGE-F")).ShouldContain("page-failed<");
        (await PageAsync("/runs?type=scheduled&q=page-")).ShouldContain("No run fits.");
        (await server.Client.GetAsync("/runs?state=lost")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await server.Client.GetAsync("/runs?type=lost")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_schedule_is_shown_for_twenty_times_with_their_intervals()
    {
        var page = await PageAsync("/dags/churn-daily/schedule");
        WebUtility.HtmlDecode(page).ShouldContain("""<p>Every day at 03:00, UTC · <code>0 3 * * *</code> · <span class="quiet">time zone UTC</span></p>""");

        Regex.Count(page, "<th scope=\"row\"").ShouldBe(20);
        page.ShouldContain(", 03:00");
        (await PageAsync("/dags/churn-daily")).ShouldContain("/dags/churn-daily/schedule");
        await ImportTypedAsync();
        (await PageAsync("/dags/typed/schedule")).ShouldContain("It never fires by itself");
    }

    [Fact]
    public async Task Studio_and_our_pages_lead_to_each_other()
    {
        await server.RunToEndAsync("links");
        var id = (await server.Web.Services.GetRequiredService<RunReader>().GetAsync("churn-daily", "links", CancellationToken.None)).RunId;

        (await PageAsync("/dags/churn-daily/runs/links")).ShouldContain($"/studio/workflows/instances/{id}/view");
        (await PageAsync("/dags/churn-daily")).ShouldContain("/studio/workflows/definitions/churn-daily/edit");
        (await PageAsync($"/runs/{id}")).ShouldContain("<code>links</code>");
        (await server.Client.GetAsync("/runs/999999")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Many_dags_are_paged_and_searched()
    {
        var store = server.Web.Services.GetRequiredService<DagStore>();
        for (var i = 0; i < 105; i++)
            await ImportAsync(store, new Dag($"many-{i:000}", $"many-{i:000}", null, new DagSettings(), [], [Step("a")], []));

        var page = await PageAsync("/?q=many");
        page.ShouldContain("105 DAGs");
        page.ShouldContain("many-099");
        page.ShouldNotContain("many-100");
        (await PageAsync("/?q=many&after=many-099")).ShouldContain("many-104");
        (await PageAsync("/?q=nothing-like-it")).ShouldContain("No DAG fits.");
    }

    [Fact]
    public async Task A_clear_is_previewed_before_it_is_done()
    {
        server.Web.Script["train_churn"] = new StepPlan(FailedTries: 2);
        (await server.RunToEndAsync("preview")).ShouldBe("failed");
        const string Address = "/dags/churn-daily/runs/preview/change";

        var preview = await PageAsync(Address + "?do=clear&only_failed=true");
        preview.ShouldContain("Run 4 task instances again");
        preview.ShouldMatch("""<th scope="row">train_churn</th>\s*<td><span class="badge s-failed">""");
        (await server.GetAsync("/api/v2/dags/churn-daily/dagRuns/preview"))["state"]!.GetValue<string>().ShouldBe("failed");
        (await PageAsync(Address + "?do=clear&task=version_datasets&downstream=true")).ShouldContain("Run 5 task instances again");
        (await PageAsync(Address + "?do=clear&task=prepare&only_failed=true")).ShouldContain("Nothing: no task instance fits.");

        var (status, page) = await PostAsync(Address, Fields(preview));

        status.ShouldBe(HttpStatusCode.OK);
        page.ShouldContain("The tasks run again.");
        (await server.WaitAsync("preview")).ShouldBe("success");
        (status, page) = await PostAsync(Address, Fields(preview));
        status.ShouldBe(HttpStatusCode.Conflict);
        page.ShouldContain("has been changed meanwhile");
    }

    [Fact]
    public async Task Tasks_are_marked_and_what_follows_heals()
    {
        server.Web.Script["train_churn"] = new StepPlan(FailedTries: 9);
        (await server.RunToEndAsync("mark")).ShouldBe("failed");

        var preview = await PageAsync("/dags/churn-daily/runs/mark/change?do=success&task=train_churn");
        preview.ShouldContain("Mark 1 task instance as success");
        var (_, page) = await PostAsync("/dags/churn-daily/runs/mark/change", Fields(preview));

        page.ShouldContain("Marked.");
        (await server.WaitAsync("mark")).ShouldBe("success");
        var tasks = (await server.GetAsync("/api/v2/dags/churn-daily/dagRuns/mark/taskInstances"))["task_instances"]!.AsArray();
        tasks.Single(t => (string?)t!["task_id"] == "score_churn")!["state"]!.GetValue<string>().ShouldBe("success");
    }

    [Theory]
    [InlineData("?do=explode", "&#x27;explode&#x27; cannot be done to tasks")]
    [InlineData("?map=1", "map names an instance of one task")]
    [InlineData("?task=prepare&map=x", "it is a whole number")]
    public async Task A_change_that_makes_no_sense_is_told_what_was_allowed(string query, string message)
    {
        await server.Client.PostAsync("/api/v2/dags/churn-daily/dagRuns", JsonContent("""{"dag_run_id":"senseless"}"""));
        await server.WaitAsync("senseless");

        var answer = await server.Client.GetAsync("/dags/churn-daily/runs/senseless/change" + query);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(message);
        (await server.Client.GetAsync("/dags/churn-daily/runs/senseless/change?task=nope")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Pools_are_made_sized_and_deleted()
    {
        (await PostAsync("/pools/set", ("name", "narrow"), ("slots", "2"), ("description", "for <b>one</b>"))).Page.ShouldContain("The pool is set.");
        (await PageAsync("/pools")).ShouldContain("for &lt;b&gt;one&lt;/b&gt;");
        (await server.GetAsync("/api/v2/pools/narrow"))["slots"]!.GetValue<int>().ShouldBe(2);
        (await PostAsync("/pools/delete", ("name", "narrow"))).Page.ShouldContain("The pool is deleted.");

        foreach (var (path, name, slots, message) in new[]
        {
            ("/pools/set", "narrow", "many", "is no number of slots"), ("/pools/set", "narrow", "-1", "cannot have -1 slots"), ("/pools/set", "a b", "1", "cannot be a pool"),
            ("/pools/delete", "default_pool", "", "cannot be deleted"),
        })
        {
            var (status, page) = await PostAsync(path, ("name", name), ("slots", slots));
            status.ShouldBe(HttpStatusCode.BadRequest);
            page.ShouldContain(message);
        }
        (await PostAsync("/pools/delete", ("name", "narrow"))).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_question_is_answered_on_its_page_and_the_task_goes_on()
    {
        await ImportAsync(server.Web.Services.GetRequiredService<DagStore>(), new Dag(
            "asks", "asks", null, new DagSettings(), [],
            [new DagTask("ask", "Core.Approval", "ask", new JsonObject { ["subject"] = "Ship <it>?", ["options"] = new JsonArray("yes", "no") }, new TaskSettings())], []));
        await server.Client.PostAsync("/api/v2/dags/asks/dagRuns", JsonContent("""{"dag_run_id":"asked"}"""));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        string page;
        while (!(page = await PageAsync("/approvals")).Contains("Ship &lt;it&gt;?", StringComparison.Ordinal))
            await Task.Delay(50, limit.Token);
        var id = (await server.Web.Services.GetRequiredService<RunReader>().GetAsync("asks", "asked", CancellationToken.None)).RunId;

        var fields = new[] { ("run", $"{id}"), ("task", "ask"), ("map", "-1") };
        (await PostAsync("/approvals/answer", [.. fields, ("answer", "perhaps")])).Page.ShouldContain("is no answer to");
        (await PostAsync("/approvals/answer", ("answer", "yes"))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await PostAsync("/approvals/answer", [.. fields, ("answer", "yes"), ("comment", "looked good")])).Page.ShouldContain("Answered: the task goes on.");

        while ((await server.GetAsync("/api/v2/dags/asks/dagRuns/asked"))["state"]!.GetValue<string>() != "success")
            await Task.Delay(50, limit.Token);
        (await PageAsync("/approvals?all=true")).ShouldContain("yes, by web: looked good");
        (await PostAsync("/approvals/answer", [.. fields, ("answer", "yes")])).Page.ShouldContain("asks nothing now");
    }

    [Fact]
    public async Task A_backfill_is_previewed_started_paused_and_cancelled()
    {
        await ImportAsync(server.Web.Services.GetRequiredService<DagStore>(), new Dag(
            "past", "past", null, new DagSettings { Schedule = ["@daily"] }, [], [Step("a")], []));
        const string Week = "/backfills?dag=past&from=2026-01-01T00:00&to=2026-01-07T00:00&max_active_runs=1";

        var preview = await PageAsync(Week);
        preview.ShouldContain("Start backfill of 7 dates");
        var (status, page) = await PostAsync("/backfills", Fields(preview));

        status.ShouldBe(HttpStatusCode.OK);
        page.ShouldContain("The backfill was started.");
        var id = Regex.Match(page, @"/backfills/(\d+)/pause").Groups[1].Value;
        await server.Web.Services.GetRequiredService<BackfillRunner>().AdvanceAsync(CancellationToken.None);
        (await PageAsync($"/backfills/{id}")).ShouldContain("backfill__2026-01-01T00:00:00Z</a> <span class=\"badge");
        (await PostAsync($"/backfills/{id}/pause")).Page.ShouldContain("Paused: no further date starts.");
        (await PostAsync($"/backfills/{id}/resume")).Page.ShouldContain("Resumed.");
        (await PostAsync($"/backfills/{id}/cancel")).Page.ShouldContain("Cancelled: dates that had not started are released.");
        (await PageAsync("/backfills?dag=past")).ShouldContain($"/backfills/{id}");

        (await PostAsync($"/backfills/{id}/cancel")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await PostAsync($"/backfills/{id}/explode")).Status.ShouldBe(HttpStatusCode.BadRequest);
        foreach (var (query, message) in new[] { ("from=soon&to=2026-01-02", "is no date and time"), ("from=2026-01-02&to=2026-01-03&reprocess=all", "is no way to treat"), ("from=2026-01-03&to=2026-01-02", "") })
        {
            var refused = await server.Client.GetAsync("/backfills?dag=past&" + query);
            refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            (await refused.Content.ReadAsStringAsync()).ShouldContain(message);
        }
    }

    [Fact]
    public async Task Assets_are_listed_with_who_writes_and_waits_for_them()
    {
        var store = server.Web.Services.GetRequiredService<DagStore>();
        await ImportAsync(store, new Dag("writes", "writes", null, new DagSettings(), [], [Step("a") with { Settings = new TaskSettings { Outlets = ["page.orders"] } }], []));
        await ImportAsync(store, new Dag("waits", "waits", null, new DagSettings { AssetSchedule = "page.orders" }, [], [Step("a")], []));
        await server.Client.PostAsync("/api/v2/dags/writes/dagRuns", JsonContent("{}"));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));

        string page;
        while (!(page = await PageAsync("/data-assets?q=page.")).Contains("Newest events", StringComparison.Ordinal))
            await Task.Delay(50, limit.Token);

        page.ShouldMatch("""(?s)<th scope="row">page.orders</th>.*/dags/writes.*/dags/waits""");
        (await PageAsync("/data-assets?q=nothing-like-it")).ShouldContain("No asset fits.");
    }

    /// <summary>The hidden fields of the confirmation.</summary>
    private static (string Name, string Value)[] Fields(string page) =>
        [.. Regex.Matches(page, """<input type="hidden" name="([^"]+)" value="([^"]*)" ?/?>""").Select(m => (m.Groups[1].Value, WebUtility.HtmlDecode(m.Groups[2].Value)))];

    private static DagTask Step(string id) => new(id, "Ecom.Prepare", id, new JsonObject { ["source"] = "shop" }, new TaskSettings());

    private async Task ImportTypedAsync()
    {
        JsonNode? Value(string json) => JsonNode.Parse(json);
        await ImportAsync(server.Web.Services.GetRequiredService<DagStore>(), new Dag(
            "typed", "typed", null, new DagSettings(),
            [
                new DagParam("text", "string", "Any words.", Value("\"x\"")), new DagParam("count", "integer", null, Value("3")), new DagParam("share", "number", null, null),
                new DagParam("really", "boolean", null, Value("true")), new DagParam("list", "array", null, Value("[1,2]")),
                new DagParam("mode", "string", null, Value("\"full\""), [Value("\"full\"")!, Value("\"daily\"")!]),
            ],
            [Step("a")], []));
    }

    private Task ImportAsync(DagStore store, Dag dag) =>
        store.ImportAsync(
            dag, DagDocument.Create(dag, dag.DagId + ".json", server.Web.Services.GetRequiredService<TaskRegistry>()).ToJson(), DagHash.Compute(dag), (string?)null, "test", CancellationToken.None);

    private async Task<string> PageAsync(string address)
    {
        var answer = await server.Client.GetAsync(address);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, address);
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<(HttpStatusCode Status, string Page)> PostAsync(string address, params (string Name, string Value)[] fields)
    {
        using var content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        var answer = await server.Client.PostAsync(address, content);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static StringContent JsonContent(string json) => new(json, System.Text.Encoding.UTF8, "application/json");
}
