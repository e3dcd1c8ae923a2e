using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using EcomWorkflows.Server.Tests.Api;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Elsa;

public sealed class StudioHostingTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Theory]
    [InlineData("/studio/")]
    [InlineData("/studio/workflows/definitions/churn-daily/edit")]
    [InlineData("/studio/workflows/definitions/sales.v2/edit")]
    [InlineData("/studio/workflows/instances/17/view")]
    public async Task Every_address_below_studio_is_the_page(string address)
    {
        var answer = await server.Client.GetAsync(address);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        answer.Headers.CacheControl!.NoCache.ShouldBeTrue();
        var policy = answer.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
        policy.ShouldContain("'wasm-unsafe-eval'");
        policy.ShouldNotContain("'unsafe-eval'");
        policy.ShouldNotContain("http");
        (await answer.Content.ReadAsStringAsync()).ShouldContain("<base href=\"/studio/\">");
    }

    [Fact]
    public async Task Other_pages_keep_their_own_stricter_policy() =>
        (await server.Client.GetAsync("/")).Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem().ShouldNotContain("wasm");

    [Theory]
    [InlineData("/studio", "/studio/")]
    [InlineData("/workflows/definitions/churn-daily/edit", "/studio/workflows/definitions/churn-daily/edit")]
    [InlineData("/diagnostics/structured-logs?workflowInstanceId=17", "/runs/17")]
    public async Task Studios_absolute_links_lead_to_our_pages(string address, string target)
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = server.Client.BaseAddress };
        var answer = await client.GetAsync(address);

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.OriginalString.ShouldBe(target);
    }

    [Fact]
    public async Task Scripts_are_sent_as_they_were_compressed_and_asked_for_again_by_tag()
    {
        var answer = await GetAsync("/studio/_framework/blazor.webassembly.js", "br");

        answer.Content.Headers.ContentEncoding.ShouldBe(["br"]);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/javascript");
        answer.Headers.Vary.ShouldContain("Accept-Encoding");
        answer.Headers.CacheControl!.NoCache.ShouldBeTrue();
        (await GetAsync("/studio/_framework/blazor.webassembly.js", "br", answer.Headers.ETag)).StatusCode.ShouldBe(HttpStatusCode.NotModified);

        var plain = await GetAsync("/studio/_framework/blazor.webassembly.js", null);
        plain.Content.Headers.ContentEncoding.ShouldBeEmpty();
        await using var unpacked = new BrotliStream(await answer.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        (await new StreamReader(unpacked).ReadToEndAsync()).ShouldBe(await plain.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Fingerprinted_files_are_kept_for_ever()
    {
        var file = Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "studio", "_framework"), "dotnet.native.*.wasm.br").Single();

        var answer = await GetAsync("/studio/_framework/" + Path.GetFileNameWithoutExtension(file), "br");

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/wasm");
        answer.Headers.CacheControl!.ToString().ShouldBe("public, max-age=31536000, immutable");
    }

    [Theory]
    [InlineData("/studio/nope.js")]
    [InlineData("/studio/../appsettings.json.br")]
    public async Task A_file_that_is_not_there_is_404(string address) => (await server.Client.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

    [Fact]
    public void Only_what_is_needed_is_beside_the_program()
    {
        var files = Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "studio"), "*", SearchOption.AllDirectories).ToList();

        files.ShouldNotBeEmpty("npm ci --prefix web, then build");
        files.ShouldAllBe(file => !file.EndsWith(".map") && !file.EndsWith(".gz") && !file.Contains("ts.worker"));
        files.Sum(file => new FileInfo(file).Length).ShouldBeLessThan(15_000_000);
    }

    private Task<HttpResponseMessage> GetAsync(string address, string? encoding, EntityTagHeaderValue? known = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (encoding is not null)
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue(encoding));
        if (known is not null)
            request.Headers.IfNoneMatch.Add(known);
        return server.Client.SendAsync(request);
    }
}
