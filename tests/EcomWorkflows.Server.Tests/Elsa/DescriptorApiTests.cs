using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Dapper;
using EcomWorkflows.Server.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Elsa;

public sealed class DescriptorApiTests(RunningServer server) : IClassFixture<RunningServer>
{
    private readonly ElsaClient studio = new(server.Client, "window-1");

    [Fact]
    public async Task Every_task_type_has_its_inputs_and_the_settings_of_every_task()
    {
        var ingest = await DescriptorAsync("Ecom.Ingest");

        ingest["namespace"]!.GetValue<string>().ShouldBe("Ecom");
        ingest["name"]!.GetValue<string>().ShouldBe("Ingest");
        ingest["isBrowsable"]!.GetValue<bool>().ShouldBeTrue();
        ingest["ports"]![0]!["name"]!.GetValue<string>().ShouldBe("Done");
        var inputs = ingest["inputs"]!.AsArray().ToDictionary(input => input!["name"]!.GetValue<string>(), input => input!.AsObject());
        inputs["Source"]["order"]!.GetValue<double>().ShouldBeLessThan(100);
        inputs["Retries"]["order"]!.GetValue<double>().ShouldBeGreaterThanOrEqualTo(100);
        inputs["Retries"]["defaultValue"]!.GetValue<int>().ShouldBe(0);
        inputs["RetryJitter"]["uiHint"]!.GetValue<string>().ShouldBe("checkbox");
        inputs["TriggerRule"]["uiSpecifications"]!["dropdown"]!["selectList"]!["items"]!.AsArray().Select(item => (string?)item!["value"]).ShouldContain("all_done");
        inputs["TriggerRule"]["defaultValue"]!.GetValue<string>().ShouldBe("all_success");
        inputs.Values.ShouldAllBe(input => input["isBrowsable"]!.GetValue<bool>() && input["isWrapped"]!.GetValue<bool>());
        ingest["outputs"]!.AsArray().Select(output => (string?)output!["name"]).ShouldContain("Rows");
    }

    [Fact]
    public async Task The_settings_of_a_dag_are_inputs_of_its_root()
    {
        var flowchart = await DescriptorAsync("Elsa.Flowchart");

        var inputs = flowchart["inputs"]!.AsArray().Select(input => (string?)input!["name"]).ToList();
        inputs.ShouldContain("Schedule");
        inputs.ShouldContain("MaxActiveRuns");
        flowchart["inputs"]!.AsArray().Single(input => (string?)input!["name"] == "Tags")!["uiHint"]!.GetValue<string>().ShouldBe("multitext");
        (await DescriptorAsync("Elsa.NotFoundActivity"))["isBrowsable"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task Dropdowns_offer_what_the_live_registries_have_now()
    {
        (await PoolsAsync()).ShouldBe(["default_pool"]);
        await using (var connection = await server.Web.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync())
            await connection.ExecuteAsync("insert into orchestration.pool (name, slots) values ('io_pool', 4)");

        (await PoolsAsync()).ShouldBe(["default_pool", "io_pool"]);
        var asked = await studio.PostAsync(
            "/descriptors/activities/Ecom.Ingest/options/Pool", new JsonObject { ["context"] = new JsonObject { ["Pool"] = ElsaClient.Text("gone_pool") } });
        asked["items"]!["dropdown"]!["selectList"]!["items"]!.AsArray().Select(item => (string?)item!["value"]).ShouldBe(["default_pool", "io_pool", "gone_pool"]);
        (await studio.SendAsync(HttpMethod.Post, "/descriptors/activities/Ecom.Ingest/options/Retries", new JsonObject())).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_answer_is_compressed_and_known_by_its_tag()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/elsa/api/descriptors/activities?Refresh=True");
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("br"));
        var answer = await server.Client.SendAsync(request);
        answer.Content.Headers.ContentEncoding.ShouldBe(["br"]);
        await using var plain = new BrotliStream(await answer.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        (await JsonNode.ParseAsync(plain))!["count"]!.GetValue<int>().ShouldBeGreaterThan(8);

        var again = new HttpRequestMessage(HttpMethod.Get, "/elsa/api/descriptors/activities");
        again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        (await server.Client.SendAsync(again)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Theory]
    [InlineData("/descriptors/expression-descriptors", 3)]
    [InlineData("/descriptors/storage-drivers", 1)]
    [InlineData("/descriptors/variables", 10)]
    [InlineData("/descriptors/workflow-activation-strategies", 0)]
    [InlineData("/descriptors/log-persistence-strategies", 0)]
    [InlineData("/descriptors/incident-strategies", 0)]
    [InlineData("/descriptors/commit-strategies/workflows", 0)]
    [InlineData("/descriptors/commit-strategies/activities", 0)]
    [InlineData("/descriptors/output-converters", 0)]
    [InlineData("/features/installed", 0)]
    public async Task Studios_small_lists_are_there(string path, int atLeast) => (await studio.GetAsync(path))["items"]!.AsArray().Count.ShouldBeGreaterThanOrEqualTo(atLeast);

    private async Task<JsonObject> DescriptorAsync(string type) =>
        (await studio.GetAsync("/descriptors/activities?Refresh=True"))["items"]!.AsArray().Single(item => (string?)item!["typeName"] == type)!.AsObject();

    private async Task<IEnumerable<string>> PoolsAsync() => (await DescriptorAsync("Ecom.Ingest"))["inputs"]!.AsArray()
        .Single(input => (string?)input!["name"] == "Pool")!["uiSpecifications"]!["dropdown"]!["selectList"]!["items"]!.AsArray()
        .Select(item => item!["value"]!.GetValue<string>());
}
