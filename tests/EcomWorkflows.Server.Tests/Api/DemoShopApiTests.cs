using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Pipeline.Simulation;
using EcomWorkflows.Server.Api.DemoShop;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Api;

public sealed class DemoShopApiTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("shop-").FullName;
    private readonly List<WebApplication> servers = [];
    private readonly HttpClient client = new();
    private ShopManifest manifest = null!;

    public Task InitializeAsync()
    {
        manifest = ShopSimulator.Write(
            new SimulationOptions { Until = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero), OpenedOn = new DateOnly(2026, 2, 26), Folder = folder },
            progress: null, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        foreach (var server in servers)
            await server.DisposeAsync();
        client.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Following_next_reads_every_record_once_in_order()
    {
        var records = new List<string>();
        var next = $"{await StartAsync()}?page=1&page_size=5000";
        while (next is not null)
        {
            var page = (await client.GetFromJsonAsync<JsonObject>(next))!;
            page["page_size"]!.GetValue<int>().ShouldBe(5000);
            page["total"]!.GetValue<long>().ShouldBe(Rows);
            records.AddRange(page["items"]!.AsArray().Select(record => record!.ToJsonString()));
            next = page["next"]?.GetValue<string>();
        }

        var file = JsonNode.Parse(await File.ReadAllBytesAsync(Path.Combine(folder, "customers.json")))!.AsArray();
        records.ShouldBe(file.Select(record => record!.ToJsonString()));
    }

    [Fact]
    public async Task The_manifest_counts_positions_in_the_list_from_one()
    {
        var address = await StartAsync();
        foreach (var defect in manifest.Defects.Where(defect => defect.Kind == "malformed e-mail").Take(3))
        {
            var page = (await client.GetFromJsonAsync<JsonObject>($"{address}?page={defect.Line}&page_size=1"))!;
            page["items"]![0]!["email"]!.GetValue<string>().ShouldBe(defect.Value);
        }
    }

    [Fact]
    public async Task A_page_behind_the_last_is_empty()
    {
        var page = (await client.GetFromJsonAsync<JsonObject>($"{await StartAsync()}?page=999999&page_size=1000"))!;

        page["items"]!.AsArray().ShouldBeEmpty();
        page["next"].ShouldBeNull();
    }

    [Theory]
    [InlineData("page=0", "page must be a whole number from 1, not '0'")]
    [InlineData("page=x", "page must be")]
    [InlineData("page_size=10001", "page_size must be a whole number from 1 to 10000")]
    public async Task A_wrong_parameter_is_refused_with_what_is_allowed(string query, string message)
    {
        var answer = await client.GetAsync($"{await StartAsync()}?{query}");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!.GetValue<string>().ShouldContain(message);
    }

    [Fact]
    public async Task Where_there_is_a_key_only_its_holder_gets_in()
    {
        var address = await StartAsync(new DemoShopOptions { CustomersFile = "", ApiKey = "sesame" });

        (await client.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await GetAsync(address, "wrong")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await GetAsync(address, "sesame")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Faults_come_first_and_then_the_pages()
    {
        var address = await StartAsync(new DemoShopOptions { CustomersFile = "", Faults = [new(500), new(429, TimeSpan.FromSeconds(2))] });

        (await client.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        var limited = await client.GetAsync(address);
        limited.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        limited.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
        (await client.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_shop_simulated_anew_is_served_anew()
    {
        var address = await StartAsync();
        (await client.GetFromJsonAsync<JsonObject>(address))!["total"]!.GetValue<long>().ShouldBe(Rows);

        manifest = ShopSimulator.Write(new SimulationOptions { Until = manifest.Until.AddDays(1), Folder = folder }, progress: null, CancellationToken.None);

        (await client.GetFromJsonAsync<JsonObject>(address))!["total"]!.GetValue<long>().ShouldBe(Rows);
    }

    [Fact]
    public async Task Without_a_shop_the_answer_says_what_to_do()
    {
        File.Delete(Path.Combine(folder, "customers.json"));

        var answer = await client.GetAsync(await StartAsync());

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("simulate the shop first");
    }

    [Fact]
    public async Task Outside_a_demo_the_answer_says_where_the_shop_is()
    {
        var answer = await client.GetAsync(await StartAsync(server => DemoShopApi.MapClosed(server)));

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("./ecom serve --demo");
    }

    private long Rows => manifest.Files.Single(file => file.Entity == "customers").Rows;

    private async Task<HttpResponseMessage> GetAsync(string address, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add(DemoShopOptions.KeyHeader, key);
        return await client.SendAsync(request);
    }

    private Task<string> StartAsync(DemoShopOptions? options = null) => StartAsync(
        server => DemoShopApi.Map(server, (options ?? new DemoShopOptions { CustomersFile = "" }) with { CustomersFile = Path.Combine(folder, "customers.json") }));

    private async Task<string> StartAsync(Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        servers.Add(server);
        map(server);
        await server.StartAsync();
        return server.Urls.Single() + DemoShopApi.CustomersPath;
    }
}
