using System.Globalization;
using System.Text.Json.Nodes;
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
        var items = new JsonArray();
        for (var id = ((page - 1) * size) + 1; id <= Math.Min(page * size, total); id++)
            items.Add(new JsonObject { ["id"] = id, ["name"] = string.Create(CultureInfo.InvariantCulture, $"name {id}"), ["joined"] = "2020-01-01", ["news"] = true });
        return Results.Json(new JsonObject { ["items"] = items, ["next"] = page * size < total ? page + 1 : null });
    }

    private string Map(object format)
    {
        var members = System.Text.Json.JsonSerializer.SerializeToNode(format)!.AsObject();
        members["type"] = "rest";
        members["next"] = "next";
        return bench.Map(members, Columns, "rest", "{server}/customers", "customers");
    }

    private async Task<TaskFailedException> FailAsync(object format) =>
        await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(Map(format), entity: "customers"));
}
