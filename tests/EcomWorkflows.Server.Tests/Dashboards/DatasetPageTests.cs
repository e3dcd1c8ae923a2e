using System.Net;
using EcomWorkflows.Pipeline.Versioning;
using EcomWorkflows.Server.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Dashboards;

/// <summary>Dataset and lineage pages and their API, as a browser without JavaScript gets them.</summary>
public sealed class DatasetPageTests(RunningServer server) : IClassFixture<RunningServer>, IAsyncLifetime
{
    /// <summary>The server is shared by the tests of the class: each has its own dataset.</summary>
    private readonly string dataset = $"research/labels_{Guid.NewGuid():n}";

    private readonly string folder = Directory.CreateTempSubdirectory("ecom-datasets-").FullName;

    public async Task InitializeAsync()
    {
        (await PageAsync("/datasets")).ShouldContain("Datasets");
        await AddAsync("id,name\n1,a\n2,b\n", "first labels");
        await AddAsync("id,name\n1,a\n2,<b>c</b>\n3,d\n", null);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Datasets_lead_to_their_versions_manifests_and_differences()
    {
        (await PageAsync("/datasets")).ShouldContain($"""<a href="/datasets/{dataset}">{dataset}</a>""");

        var listed = await PageAsync($"/datasets/{dataset}");
        listed.ShouldContain($"""<a href="/datasets/{dataset}/v2">v2</a>""");
        listed.ShouldContain("first labels (First version: 2 rows in 1 file.)");
        listed.ShouldContain($"/datasets/{dataset}/diff?before=1&amp;after=2");

        var version = await PageAsync($"/datasets/{dataset}/v2");
        version.ShouldContain($"""<a href="/datasets/{dataset}/v1">{Tag}/v1</a>""");
        version.ShouldContain("cli:ana");
        version.ShouldMatch("""<th scope="row">name</th>\s*<td>VARCHAR</td>\s*<td>0.0 %</td>\s*<td>3</td>""");

        var difference = await PageAsync($"/datasets/{dataset}/diff?before=1&after=2");
        difference.ShouldContain("name: b &#x2192; &lt;b&gt;c&lt;/b&gt;");
        difference.ShouldContain("id = 3");
        (await PageAsync($"/datasets/{dataset}/diff")).ShouldContain("v1 → v2");
    }

    [Fact]
    public async Task What_does_not_exist_or_cannot_be_compared_is_said_on_a_page()
    {
        (await PageAsync("/datasets/research/none", HttpStatusCode.NotFound)).ShouldContain("There is no dataset &#x27;research/none&#x27;; there are ");
        (await PageAsync($"/datasets/{dataset}/v9", HttpStatusCode.NotFound)).ShouldContain($"{dataset} has v1 to v2");
        (await PageAsync($"/datasets/{dataset}/diff?before=1&after=2&key=nope", HttpStatusCode.BadRequest)).ShouldContain("The key column &#x27;nope&#x27;");
        (await PageAsync("/lineage/predictions/shop/C1", HttpStatusCode.NotFound)).ShouldContain("no predictions of source &#x27;shop&#x27; yet");
        (await PageAsync("/lineage/purchases/shop/V1/P1", HttpStatusCode.NotFound)).ShouldContain("no purchase predictions of source &#x27;shop&#x27; yet");
        (await PageAsync("/lineage/purchases/shop/V1/P1?variant=best", HttpStatusCode.NotFound)).ShouldContain("there are honest and classic");
        (await PageAsync("/lineage/raw-files/7?line=1", HttpStatusCode.NotFound)).ShouldContain("no raw file 7");
        (await PageAsync("/lineage/models/none/1", HttpStatusCode.NotFound)).ShouldContain("no model &#x27;none&#x27;");
    }

    [Fact]
    public async Task A_walk_begins_at_the_lineage_page_and_a_dataset_has_its_own()
    {
        (await PageAsync("/lineage")).ShouldContain($"""<a href="/lineage/datasets/{dataset}/v2">{Tag}/v2</a>""");
        var lineage = await PageAsync($"/lineage/datasets/{dataset}/v2");
        lineage.ShouldContain($"""<a href="/datasets/{dataset}/v2">manifest, statistics and versions</a>""");
        lineage.ShouldContain("by cli:ana");
        var asked = await server.Client.GetAsync("/lineage?source=shop&customer=C 1");
        asked.RequestMessage!.RequestUri!.AbsolutePath.ShouldBe("/lineage/predictions/shop/C%201");
        var pair = await server.Client.GetAsync("/lineage?source=shop&customer=V1&item=P 1");
        pair.RequestMessage!.RequestUri!.AbsolutePath.ShouldBe("/lineage/purchases/shop/V1/P%201");
    }

    [Fact]
    public async Task The_API_answers_with_versions_manifests_differences_and_lineage()
    {
        ((string?)(await server.GetAsync("/api/v2/datasets"))["datasets"]!.AsArray().Single(d => (string?)d!["dataset"] == dataset)!["newest"]!["tag"]).ShouldBe($"{Tag}/v2");
        (await server.GetAsync($"/api/v2/datasets/{dataset}/versions"))["versions"]!.AsArray().Count.ShouldBe(2);
        ((string?)(await server.GetAsync($"/api/v2/datasets/{dataset}/versions/1"))["created_by"]!["person"]).ShouldBe("cli:ana");
        var difference = await server.GetAsync($"/api/v2/datasets/{dataset}/diff?before=1&after=2&key=id");
        ((int?)difference["tables"]![0]!["added"]).ShouldBe(1);
        ((int?)difference["tables"]![0]!["changed"]).ShouldBe(1);
        ((string?)(await server.GetAsync($"/api/v2/lineage/datasets/{dataset}"))["start"]).ShouldBe($"dataset:{Tag}/v2");
        (await server.Client.GetAsync($"/api/v2/datasets/{dataset}/versions/9")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Client.GetAsync("/api/v2/lineage/models/none")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Client.GetAsync("/api/v2/lineage/purchases/shop/V1/P1")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private string Tag => dataset.Replace('/', '-');

    private async Task AddAsync(string text, string? note)
    {
        var file = Path.Combine(folder, "labels.csv");
        await File.WriteAllTextAsync(file, text);
        await server.Web.Services.GetRequiredService<ManualDatasets>().AddAsync(dataset, file, "a test", note, "cli:ana", CancellationToken.None);
    }

    private async Task<string> PageAsync(string address, HttpStatusCode status = HttpStatusCode.OK)
    {
        var answer = await server.Client.GetAsync(address);
        var page = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, page);
        return page;
    }
}
