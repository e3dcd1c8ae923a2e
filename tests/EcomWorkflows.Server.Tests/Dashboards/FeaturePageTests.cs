using System.Net;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Features.Definitions;
using EcomWorkflows.Server.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Dashboards;

public sealed class FeaturePageTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Definition =
        """
        {
          "views": [
            { "name": "basket", "description": "The basket being filled.", "entities": ["customer"], "source": { "push": true }, "ttl": "1h", "owner": "ana", "tags": { "team": "crm" },
              "features": [ { "name": "basket_value", "type": "double", "description": "Amount of the basket." } ] },
            { "name": "visits", "description": "Visits so far.", "entities": ["customer"], "source": { "sql": "select * from {silver.shop.events}" },
              "features": [ { "name": "visits_7d", "type": "int64", "description": "Visits of a week." } ] }
          ],
          "onDemandViews": [ { "name": "offer", "description": "An offer.", "inputs": ["basket:basket_value"], "request": [{ "name": "price", "description": "d" }],
            "features": [ { "name": "share", "expression": "price / basket_value", "description": "Price as a share." } ] } ],
          "services": [ { "name": "offers", "description": "For offers.", "features": ["basket", "offer:share"] } ]
        }
        """;

    [Fact]
    public async Task The_catalogue_is_searched_by_text_and_tag()
    {
        await DefineAsync();

        var all = await PageAsync("/features");
        all.ShouldContain(">basket</a>");
        all.ShouldContain(">visits</a>");
        all.ShouldContain("offers");
        (await PageAsync("/features?q=week")).ShouldNotContain(">basket</a>");
        var tagged = await PageAsync("/features?tag=team%3Dcrm");
        tagged.ShouldContain(">basket</a>");
        tagged.ShouldNotContain(">visits</a>");
        (await PageAsync("/features?q=nothing-like-that")).ShouldContain("No feature view fits.");
    }

    [Fact]
    public async Task A_view_shows_its_definition_who_uses_it_and_how_to_ask()
    {
        await DefineAsync();

        var page = WebUtility.HtmlDecode(await PageAsync("/features/basket"));

        page.ShouldContain("Amount of the basket.");
        page.ShouldContain("offers v1");
        page.ShouldContain("href=\"/features/offer\"");
        page.ShouldContain("""{"features": ["basket:basket_value"], "entities": {"customer_id": ["1"]}}""");
        page.ShouldContain("\"push_source_name\": \"basket\"");
        page.ShouldContain("not proved yet");
        WebUtility.HtmlDecode(await PageAsync("/features/offer")).ShouldContain("price / basket_value");
        (await PageAsync("/features/visits?version=1")).ShouldContain("select * from {silver.shop.events}");
    }

    [Fact]
    public async Task A_view_shows_how_fresh_its_values_are_and_how_they_are_spread()
    {
        await DefineAsync();
        (await PageAsync("/features/visits")).ShouldContain("not materialised yet");
        var view = (await server.Web.Services.GetRequiredService<FeatureRegistry>().FindViewAsync("visits", CancellationToken.None))!;
        await using var command = server.Web.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(
            $$"""
            with made as (
              insert into features.materialization (view_id, version, as_of, rows, lake_snapshot_id, input_snapshots, online, run_id, attempt_id, created_at)
              values ({{view.Id}}, {{view.Version}}, '2026-02-01', 3, 1, '{}', true, 1, 1, '2026-02-01 04:05')
              returning id
            )
            insert into features.feature_statistics (materialization_id, feature, count, null_rate, mean, quantiles, histogram_edges, histogram_counts)
            select id, 'visits_7d', 3, 0, 1, '{0,0,1,1,1,2,2}', '{0,1,2}', '{1,2}'
            from made
            """);
        await command.ExecuteNonQueryAsync();

        var page = WebUtility.HtmlDecode(await PageAsync("/features/visits"));

        page.ShouldContain("values up to");
        page.ShouldContain("2026-02-01 04:05");
        page.ShouldContain("visits_7d: 3 values from 0 to 2, most of them near 1.5");
    }

    [Theory]
    [InlineData("/features/nope", "There is no feature view &#x27;nope&#x27;. Registered views: ")]
    [InlineData("/features/basket?version=7", "There is no version 7 of feature view &#x27;basket&#x27;. It has: ")]
    public async Task What_does_not_exist_is_not_found_and_what_does_is_named(string address, string detail)
    {
        await DefineAsync();

        var answer = await server.Web.Client.GetAsync(address);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(detail);
    }

    private async Task DefineAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine(server.Web.Home, "workflows", "features")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "pages.json"), Definition);
        await server.Web.Services.GetRequiredService<FeatureApplication>().ApplyAsync(CancellationToken.None);
    }

    private async Task<string> PageAsync(string address)
    {
        var answer = await server.Web.Client.GetAsync(address);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadAsStringAsync();
    }
}
