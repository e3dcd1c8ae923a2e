using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Testing;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Ingestion;

public sealed class PagedSourceDriftTests(PostgresFixture postgres) : PagedApi(postgres)
{
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
}
