using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Testing;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Ingestion;

public sealed class PagedSourceTests(PostgresFixture postgres) : PagedApi(postgres)
{
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
        answer = (page, size, _) => Json(page == 3 ? "[]" : $"[{{\"id\":{page}}},{{\"id\":2}}]");
        var source = bench.Map(new { type = "rest", page_size = 2, items = "" }, Columns, "rest", "{server}/customers", "customers");

        (await bench.IngestAsync(source, entity: "customers")).RowsKept.ShouldBe(4);
    }
}
