using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Pipeline.Features.Definitions;
using EcomWorkflows.Server.Access;
using EcomWorkflows.Testing;
using EcomWorkflows.Testing.Web;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Api;

public sealed class HistoricalFeaturesApiTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string Password = "correct horse battery";

    private const string Definition =
        """
        { "views": [ { "name": "basket", "description": "d", "entities": ["customer"], "source": { "push": true },
          "features": [ { "name": "basket_value", "type": "double", "description": "d" } ] } ] }
        """;

    private WebServer server = null!;

    public async Task InitializeAsync()
    {
        server = await WebServer.StartAsync(postgres.ConnectionString, isOpen: false);
        var folder = Directory.CreateDirectory(Path.Combine(server.Home, "workflows", "features")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "baskets.json"), Definition);
        await server.Services.GetRequiredService<FeatureApplication>().ApplyAsync(CancellationToken.None);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_viewer_gets_the_rows_and_an_operator_a_dataset_version_of_them()
    {
        using var person = await SignInAsync(Role.Operator);
        using var viewer = await SignInAsync(Role.Viewer);
        var pushed = await person.PostAsJsonAsync("/push", new
        {
            push_source_name = "basket", to = "offline", df = new { customer_id = new[] { "C1" }, event_timestamp = new[] { "2020-01-01T00:00:00Z" }, basket_value = new[] { 12.5 } },
        });
        pushed.StatusCode.ShouldBe(HttpStatusCode.OK);

        var rows = await viewer.PostAsJsonAsync("/api/features/historical", Request(null));
        var refused = await viewer.PostAsJsonAsync("/api/features/historical", Request("research/baskets"));
        var made = await person.PostAsJsonAsync("/api/features/historical", Request("research/baskets"));
        var misnamed = await person.PostAsJsonAsync("/api/features/historical", Request("baskets"));

        (await rows.Content.ReadAsStringAsync()).ShouldContain("[\"C1\",");
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("needs the role operator");
        made.StatusCode.ShouldBe(HttpStatusCode.OK);
        var version = (await made.Content.ReadFromJsonAsync<JsonObject>())!;
        ((string)version["tag"]!, (bool)version["is_new"]!, (long)version["rows"]!).ShouldBe(("research-baskets/v1", true, 1));
        misnamed.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await misnamed.Content.ReadAsStringAsync()).ShouldContain("is no name of a dataset");
        (await viewer.GetAsync("/datasets/research/baskets/v1")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static object Request(string? dataset) => new
    {
        features = new[] { "basket:basket_value" }, known_by = "now", entities = new { customer_id = new[] { "C1" }, event_timestamp = new[] { "2020-01-02T00:00:00Z" } }, dataset,
    };

    private async Task<HttpClient> SignInAsync(Role role)
    {
        var name = (await server.Services.GetRequiredService<AccountStore>().AddAsync($"u{Guid.NewGuid():n}", role, Password, "test", CancellationToken.None)).Name;
        var client = new HttpClient { BaseAddress = new Uri(server.Address) };
        var answer = await client.PostAsJsonAsync("/api/v2/auth/token", new { username = name, password = Password });
        client.DefaultRequestHeaders.Authorization = new("Bearer", (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["access_token"]!);
        return client;
    }
}
