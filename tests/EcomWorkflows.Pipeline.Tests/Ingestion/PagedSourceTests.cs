using System.Globalization;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Secrets;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Ingestion;

public sealed class PagedSourceTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly object[] Columns =
    [
        new { name = "id", type = "bigint" }, new { name = "name", type = "varchar" }, new { name = "joined", type = "date" }, new { name = "news", type = "boolean" },
    ];

    private readonly List<string> requests = [];
    private IngestionBench bench = null!;
    private WebApplication server = null!;
    private Func<int, int, HttpContext, IResult> answer = (_, _, _) => Results.NotFound();

    public async Task InitializeAsync()
    {
        bench = await IngestionBench.CreateAsync(postgres);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        server = builder.Build();
        server.MapGet("/customers", (HttpContext http, int page, int page_size) =>
        {
            requests.Add(http.Request.QueryString.Value!);
            return answer(page, page_size, http);
        });
        await server.StartAsync();
        bench.Options.ServerAddress = server.Urls.Single();
    }

    [Fact]
    public async Task All_pages_become_rows_with_their_position()
    {
        answer = (page, size, _) => Page(page, size, 2_500);
        var source = Map(new { page_size = 1000 });
        var outputs = await bench.IngestAsync(source, entity: "customers");

        outputs.RowsKept.ShouldBe(2_500);
        requests.ShouldBe(["?page=1&page_size=1000", "?page=2&page_size=1000", "?page=3&page_size=1000"]);
        (await bench.QueryAsync(source, "select id, name, joined, news, _file, _line from {bronze} where _line in (1, 2500) order by 1", "customers")).ShouldBe(
        [
            [1L, "name 1", new DateOnly(2020, 1, 1), true, "customers.json", 1L],
            [2500L, "name 2500", new DateOnly(2020, 1, 1), true, "customers.json", 2500L],
        ]);
        (await File.ReadAllLinesAsync(bench.Lake.Absolute(outputs.RawFiles.Single()))).Length.ShouldBe(2_500);
    }

    [Fact]
    public async Task Passing_faults_are_retried_and_nothing_is_read_twice()
    {
        var faults = 0;
        answer = (page, size, _) => page == 2 && faults++ < 3 ? Results.StatusCode(faults == 1 ? 429 : 503) : Page(page, size, 25);
        var source = Map(new { page_size = 10, retry_delay_ms = 1 });

        (await bench.IngestAsync(source, entity: "customers")).RowsKept.ShouldBe(25);
        requests.Count.ShouldBe(6);
    }

    [Fact]
    public async Task A_server_that_stays_broken_is_a_failure_worth_another_try()
    {
        answer = (_, _, _) => Results.StatusCode(500);
        var error = await FailAsync(new { retries = 2, retry_delay_ms = 1 });

        error.Message.ShouldContain("/customers?page=1&page_size=1000 answered 500 Internal Server Error after 3 tries");
        error.Retryable.ShouldBeTrue();
        error.Cause.ShouldBe(FailureCause.Dependency);
        requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_refusal_is_not_retried_and_says_what_to_do()
    {
        answer = (_, _, _) => Results.Unauthorized();
        var error = await FailAsync(new { retry_delay_ms = 1 });

        error.Message.ShouldContain("token_variable");
        error.Retryable.ShouldBeFalse();
        requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_named_with_its_address()
    {
        await server.StopAsync();
        (await FailAsync(new { retries = 1, retry_delay_ms = 1 })).Message.ShouldContain($"{bench.Options.ServerAddress}/customers?page=1&page_size=1000 could not be read after 2 tries");
    }

    [Fact]
    public async Task Without_our_own_server_the_message_says_how_to_start_it()
    {
        bench.Options.ServerAddress = null;
        (await FailAsync(new { })).Message.ShouldContain("./ecom serve --demo");
    }

    [Fact]
    public async Task The_token_of_the_environment_is_sent()
    {
        answer = (page, size, http) => http.Request.Headers.Authorization == "Bearer secret-1" ? Page(page, size, 5) : Results.Unauthorized();
        Environment.SetEnvironmentVariable("ECOM_TEST_TOKEN", "secret-1");
        (await bench.IngestAsync(Map(new { token_variable = "ECOM_TEST_TOKEN" }), entity: "customers")).RowsKept.ShouldBe(5);

        (await FailAsync(new { token_variable = "ECOM_TEST_TOKEN_UNSET" })).Message.ShouldContain("ECOM_TEST_TOKEN_UNSET");
    }

    [Fact]
    public async Task Links_are_followed_on_the_same_server_only()
    {
        answer = (page, _, _) => page == 1 ? Json("""{"items":[{"id":1}],"next":"/customers?page=7&page_size=2"}""") : Json("""{"items":[{"id":2}],"next":null}""");
        (await bench.IngestAsync(Map(new { }), entity: "customers")).RowsKept.ShouldBe(2);

        answer = (_, _, _) => Json("""{"items":[],"next":"http://example.org/steal"}""");
        (await FailAsync(new { })).Message.ShouldContain("on the same server");
        answer = (page, _, _) => Json($$"""{"items":[],"next":{{page}}}""");
        (await FailAsync(new { })).Message.ShouldContain("a later page number");
    }

    [Fact]
    public async Task A_cursor_leads_from_page_to_page_and_one_that_stands_still_is_refused()
    {
        answer = (_, _, http) => http.Request.Query["after"].ToString() switch
        {
            "" => Json("""{"data":{"list":[{"id":1}]},"meta":{"next":"b c"}}"""),
            "b c" => Json("""{"data":{"list":[{"id":2}]},"meta":{"next":7}}"""),
            "7" => Json("""{"data":{"list":[{"id":3}]},"meta":{"next":null}}"""),
            _ => Results.BadRequest(),
        };
        var format = new { type = "rest", paging = "cursor", cursor_parameter = "after", items = "data.list", next = "meta.next" };
        (await bench.IngestAsync(bench.Map(format, Columns, "rest", "{server}/customers?page=1", "customers"), entity: "customers")).RowsKept.ShouldBe(3);

        answer = (_, _, _) => Json("""{"data":{"list":[]},"meta":{"next":"same"}}""");
        (await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(bench.Map(format, Columns, "rest", "{server}/customers?page=1", "customers"), entity: "customers")))
            .Message.ShouldContain("the same as before");
    }

    [Fact]
    public async Task The_Link_header_leads_to_the_next_page()
    {
        answer = (page, _, http) =>
        {
            if (page < 3)
                http.Response.Headers.Link = $"</customers?page=1&page_size=2>; rel=\"first\", </customers?page={page + 1}&page_size=2>; title=\"x\"; rel=\"next\"";
            return Json($$"""[{"id":{{page}}}]""");
        };
        var source = bench.Map(new { type = "rest", paging = "link", items = "", page_size = 2 }, Columns, "rest", "{server}/customers?page=1", "customers");
        (await bench.IngestAsync(source, entity: "customers")).RowsKept.ShouldBe(3);
        requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_document_that_has_not_changed_is_not_read_again_and_its_rows_stay()
    {
        var version = 1;
        answer = (_, _, http) =>
        {
            http.Response.Headers.ETag = $"\"v{version}\"";
            return http.Request.Headers.IfNoneMatch == $"\"v{version}\"" ? Results.StatusCode(304) : Json($$"""[{"id":{{version}}}]""");
        };
        var source = bench.Map(new { type = "rest", paging = "none", items = "" }, Columns, "rest", "{server}/customers?page=1&page_size=1", "customers");
        foreach (var expected in new[] { 1L, 1L, 2L, 2L })
        {
            version = (int)expected;
            (await bench.IngestAsync(source, entity: "customers")).RowsKept.ShouldBe(1);
            (await bench.QueryAsync(source, "select id from {bronze}", "customers")).Single().ShouldBe([expected]);
        }
        requests.Count.ShouldBe(4);

        bench.Fenced = true;
        version = 3;
        await Should.ThrowAsync<AttemptFencedException>(() => bench.IngestAsync(source, entity: "customers"));
        bench.Fenced = false;
        (await bench.IngestAsync(source, entity: "customers")).RowsKept.ShouldBe(1);
        (await bench.QueryAsync(source, "select id from {bronze}", "customers")).Single().ShouldBe([3L]);
    }

    [Fact]
    public async Task Credentials_of_a_connection_go_to_its_host_only()
    {
        answer = (page, size, http) => http.Request.Headers["X-Api-Key"] == "secret-2" ? Page(page, size, 3) : Results.Unauthorized();
        await bench.ConnectAsync(new ConnectionChange("crm", "http", server.Urls.Single(), Extra: new JsonObject { ["token"] = "secret-2", ["header"] = "X-Api-Key" }));
        var format = new { type = "rest", next = "next" };
        (await bench.IngestAsync(bench.Map(format, Columns, "rest", "/customers", "customers", connection: "crm"), entity: "customers")).RowsKept.ShouldBe(3);

        (await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(bench.Map(format, Columns, "rest", "http://example.org/customers", "customers", connection: "crm"), entity: "customers")))
            .Message.ShouldContain("its credentials are not sent elsewhere");
        (await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(bench.Map(format, Columns, "rest", "/customers", "customers", connection: "crn"), entity: "customers")))
            .Message.ShouldContain("There is no connection 'crn'");
    }

    [Fact]
    public async Task A_server_that_hangs_or_asks_to_wait_too_long_is_given_up_with_what_to_change()
    {
        answer = (_, _, http) => Results.Stream(async _ => await Task.Delay(Timeout.Infinite, http.RequestAborted));
        var hangs = await FailAsync(new { retries = 1, retry_delay_ms = 1, timeout_seconds = 1 });
        hangs.Message.ShouldContain("did not answer within 1 s, 2 times");
        hangs.Message.ShouldContain("\"timeout_seconds\"");
        (hangs.Cause, hangs.Retryable).ShouldBe((FailureCause.Timeout, true));

        requests.Clear();
        answer = (_, _, http) =>
        {
            http.Response.Headers.RetryAfter = "3600";
            return Results.StatusCode(429);
        };
        (await FailAsync(new { })).Message.ShouldContain("It asks to wait 3600 s, more than \"longest_retry_after_seconds\"");
        requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_tried_again_and_then_named()
    {
        answer = (_, _, http) => Results.Stream(async body =>
        {
            await body.WriteAsync("{\"items\":[{\"id\":1},"u8.ToArray());
            await body.FlushAsync();
            http.Abort();
        });
        var error = await FailAsync(new { retries = 1, retry_delay_ms = 1 });
        error.Message.ShouldContain("could not be read after 2 tries");
        error.Retryable.ShouldBeTrue();
        requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Requests_keep_the_declared_distance()
    {
        answer = (page, size, _) => Page(page, size, 3);
        var before = TimeProvider.System.GetTimestamp();
        (await bench.IngestAsync(Map(new { page_size = 1, requests_per_second = 20 }), entity: "customers")).RowsKept.ShouldBe(3);
        TimeProvider.System.GetElapsedTime(before).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(95));
    }

    [Fact]
    public async Task A_short_page_is_the_last_where_the_answer_is_a_plain_list()
    {
        answer = (page, size, _) => Json(page == 3 ? "[]" : "[{\"id\":1},{\"id\":2}]");
        var source = bench.Map(new { type = "rest", page_size = 2, items = "" }, Columns, "rest", "{server}/customers", "customers");

        (await bench.IngestAsync(source, entity: "customers")).RowsKept.ShouldBe(4);
    }

    [Theory]
    [InlineData("<html>", "something that is no JSON")]
    [InlineData("""{"data":[]}""", "no member \"items\"")]
    [InlineData("""{"items":7}""", "the items are a Number")]
    public async Task An_answer_of_another_shape_names_the_page(string body, string expected)
    {
        answer = (_, _, _) => Json(body);
        var error = await FailAsync(new { });
        error.Message.ShouldContain("/customers?page=1&page_size=1000");
        error.Message.ShouldContain(expected);
    }

    [Theory]
    [InlineData("missing", "Missing: joined (not after line 100).", 200)]
    [InlineData("new", "Not declared: colour (since line 101).", 200)]
    [InlineData("retyped", "100 of 200 records, the first on line 101, do not fit column news: 'maybe' is not true", 100)]
    public async Task An_API_that_changes_its_shape_between_pages_ends_as_declared(string kind, string expected, int kept)
    {
        answer = (page, size, _) => page == 1 ? Page(1, size, 200) : Changed(kind, size);
        foreach (var action in new[] { "warn", "accept" })
        {
            var outputs = await bench.IngestAsync(Map(new { page_size = 100 }, new Dictionary<string, string> { [kind] = action }), entity: "customers");
            (outputs.RowsKept, outputs.RowsRejected).ShouldBe((kept, 200 - kept));
            outputs.Drift.Count.ShouldBe(action == "warn" ? 1 : 0);
            outputs.Drift.ShouldAllBe(finding => finding.Contains(expected));
        }
        var source = Map(new { page_size = 100 }, new Dictionary<string, string> { [kind] = "fail" });
        var error = await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(source, entity: "customers"));
        error.Message.ShouldContain(expected);
        error.Message.ShouldContain($"set \"{kind}\" in entities.customers.drift there to \"warn\" or \"accept\". Nothing was published.");
        (await bench.Lake.CurrentAsync(new("bronze", source, "customers"), CancellationToken.None)).ShouldBeNull();
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(100)]
    public async Task An_API_that_leaves_out_its_next_member_on_a_full_page_ends_as_declared(int asked)
    {
        // It gives at most 100 a page, however many are asked for.
        answer = (page, _, _) => page < 3 ? Page(page, 100, 300) : Without("next", Items(201, 300));
        foreach (var action in new[] { "warn", "accept" })
        {
            var outputs = await bench.IngestAsync(Map(new { page_size = asked }, new { missing = action }), entity: "customers");
            outputs.RowsKept.ShouldBe(300);
            outputs.Drift.Count.ShouldBe(action == "warn" ? 1 : 0);
            outputs.Drift.ShouldAllBe(finding => finding.Contains($"/customers?page=3&page_size={asked} is a full page but has no member \"next\"") && finding.Contains("more than the 300 records read"));
        }
        (await bench.IngestAsync(Map(new { page_size = asked }), entity: "customers")).Drift.Count.ShouldBe(1);

        var source = Map(new { page_size = asked }, new { missing = "fail" });
        var error = await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(source, entity: "customers"));
        error.Message.ShouldContain("has no member \"next\"");
        error.Message.ShouldContain("set \"missing\" in entities.customers.drift there to \"warn\" or \"accept\". Nothing was published.");
        (await bench.Lake.CurrentAsync(new("bronze", source, "customers"), CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task An_API_that_leaves_out_its_next_member_on_a_short_page_has_no_more()
    {
        answer = (page, _, _) => page < 3 ? Page(page, 100, 299) : Without("next", Items(201, 299));

        var outputs = await bench.IngestAsync(Map(new { page_size = 100 }), entity: "customers");

        (outputs.RowsKept, outputs.Drift.Count).ShouldBe((299L, 0));
    }

    [Fact]
    public async Task A_page_whose_list_is_called_otherwise_is_never_taken_for_an_empty_one()
    {
        answer = (page, size, _) => page == 1 ? Page(1, size, 200) : Json("""{"data":[{"id":1}],"next":null}""");
        var error = await FailAsync(new { page_size = 100 });
        error.Message.ShouldContain("/customers?page=2&page_size=100: the answer has no member \"items\"");
        error.Message.ShouldContain("where other pages have it, the API has changed meanwhile");
    }

    [Theory]
    [InlineData(100, 100, 120, true)]
    [InlineData(100, 100, 119, false)]
    [InlineData(10, 1000, 1120, false)]
    [InlineData(10, 1000, 2400, true)]
    [InlineData(1000, 1000, 1099, false)]
    public void A_member_is_gone_where_its_absence_is_no_chance(long with, long last, long records, bool gone) =>
        EcomWorkflows.Pipeline.Ingestion.Drift.DriftRules.IsGone(with, last, records).ShouldBe(gone);

    [Fact]
    public async Task Items_that_are_no_rows_are_rejected_with_their_position()
    {
        answer = (_, _, _) => Json("""{"items":[{"id":1,"name":"ok"},{"id":"x","joined":"2020-02-31"},7,{"id":null,"news":"perhaps"}],"next":null}""");
        var source = Map(new { });
        var outputs = await bench.IngestAsync(source, entity: "customers");

        (outputs.RowsKept, outputs.RowsRejected).ShouldBe((1L, 3L));
        (await bench.QueryAsync(source, "select line, column_name, rule from {rejects} order by 1, 2", "customers")).ShouldBe(
            [[2L, "id", "parse_type"], [2L, "joined", "parse_type"], [3L, null, "parse_columns"], [4L, "news", "parse_type"]]);
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        bench.Dispose();
    }

    private static IResult Json(string body) => Results.Text(body, "application/json");

    private static IResult Page(int page, int size, int total)
    {
        var items = Items(((page - 1) * size) + 1, Math.Min(page * size, total));
        return Results.Json(new JsonObject { ["items"] = items, ["next"] = page * size < total ? page + 1 : null });
    }

    private static JsonArray Items(int first, int last) =>
        [.. Enumerable.Range(first, Math.Max(0, last - first + 1))
            .Select(id => new JsonObject { ["id"] = id, ["name"] = string.Create(CultureInfo.InvariantCulture, $"name {id}"), ["joined"] = "2020-01-01", ["news"] = true })];

    private static IResult Without(string member, JsonArray items)
    {
        var answer = new JsonObject { ["items"] = items, ["next"] = null };
        answer.Remove(member);
        return Results.Json(answer);
    }

    /// <summary>The second page of two, whose items lack a member, have one more, or have one of another type.</summary>
    private static IResult Changed(string kind, int size)
    {
        var items = new JsonArray();
        for (var id = size + 1; id <= 2 * size; id++)
        {
            var item = new JsonObject { ["id"] = id, ["name"] = $"name {id}", ["joined"] = "2020-01-01", ["news"] = kind == "retyped" ? "maybe" : true };
            if (kind == "missing")
                item.Remove("joined");
            if (kind == "new")
                item["colour"] = "red";
            items.Add(item);
        }
        return Results.Json(new JsonObject { ["items"] = items, ["next"] = null });
    }

    private string Map(object format, object? drift = null)
    {
        var members = System.Text.Json.JsonSerializer.SerializeToNode(format)!.AsObject();
        members["type"] = "rest";
        members["next"] = "next";
        return bench.Map(members, Columns, "rest", "{server}/customers", "customers", drift);
    }

    private async Task<TaskFailedException> FailAsync(object format) =>
        await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(Map(format), entity: "customers"));
}
