using System.Net;
using EcomWorkflows.Pipeline.Features.Definitions;
using EcomWorkflows.Server.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
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

    [Theory]
    [InlineData("/features/nope")]
    [InlineData("/features/basket?version=7")]
    public async Task What_does_not_exist_is_not_found(string address)
    {
        await DefineAsync();

        (await server.Web.Client.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
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
