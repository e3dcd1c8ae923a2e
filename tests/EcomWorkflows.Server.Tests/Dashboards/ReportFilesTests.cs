using System.Net;
using EcomWorkflows.Server.Dashboards;
using EcomWorkflows.Server.Tests.Api;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Dashboards;

public sealed class ReportFilesTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_report_is_served_without_scripts_and_a_folder_leads_to_its_index()
    {
        var folder = Directory.CreateDirectory(Path.Combine(server.Web.Home, "reports", "quality", "a b")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "index.html"), "<h1>Fine</h1>");

        var answer = await server.Client.GetAsync("/reports/quality/a%20b");

        answer.RequestMessage!.RequestUri!.AbsolutePath.ShouldBe("/reports/quality/a%20b/index.html");
        (await answer.Content.ReadAsStringAsync()).ShouldBe("<h1>Fine</h1>");
        answer.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem().ShouldNotContain("script");
    }

    [Fact]
    public async Task A_long_report_is_sent_packed_to_whoever_can_unpack_it()
    {
        var folder = Directory.CreateDirectory(Path.Combine(server.Web.Home, "reports", "long")).FullName;
        var text = string.Concat(Enumerable.Repeat("<p>the same again</p>", 10_000));
        await File.WriteAllTextAsync(Path.Combine(folder, "index.html"), text);
        using var packed = new HttpRequestMessage(HttpMethod.Get, "/reports/long/index.html") { Headers = { { "Accept-Encoding", "gzip" } } };

        var answer = await server.Client.SendAsync(packed);

        answer.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
        (await answer.Content.ReadAsByteArrayAsync()).Length.ShouldBeLessThan(text.Length / 20);
        (await server.Client.GetStringAsync("/reports/long/index.html")).ShouldBe(text);
    }

    [Theory]
    [InlineData("/reports/..%2fsecret.txt")]
    [InlineData("/reports/%2e%2e/secret.txt")]
    [InlineData("/reports/quality/..%2f..%2fsecret.txt")]
    [InlineData("/reports//etc/passwd")]
    [InlineData("/reports/link/secret.txt")]
    [InlineData("/reports/.hidden")]
    [InlineData("/reports/quality%00.html")]
    public async Task Nothing_outside_the_reports_folder_is_served(string address)
    {
        var reports = Directory.CreateDirectory(Path.Combine(server.Web.Home, "reports")).FullName;
        await File.WriteAllTextAsync(Path.Combine(server.Web.Home, "secret.txt"), "secret");
        await File.WriteAllTextAsync(Path.Combine(reports, ".hidden"), "secret");
        if (!Directory.Exists(Path.Combine(reports, "link")))
            Directory.CreateSymbolicLink(Path.Combine(reports, "link"), server.Web.Home);

        var answer = await server.Client.GetAsync(new Uri(server.Web.Address + address, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));

        answer.StatusCode.ShouldBeOneOf(HttpStatusCode.NotFound, HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("secret\n");
    }

    [Theory]
    [InlineData("../secret.txt")]
    [InlineData("a/../../secret.txt")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("a\\..\\b")]
    public void Paths_that_leave_the_folder_find_nothing(string path) => ReportFiles.Find(Path.GetTempPath(), path).ShouldBeNull();
}
