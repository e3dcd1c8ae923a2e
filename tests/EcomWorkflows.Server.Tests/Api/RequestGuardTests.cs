using System.Net;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Api;

public sealed class RequestGuardTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Theory]
    [InlineData("evil.example", HttpStatusCode.BadRequest)]
    [InlineData("127.0.0.1.evil.example", HttpStatusCode.BadRequest)]
    [InlineData("localhost:1", HttpStatusCode.OK)]
    public async Task Only_our_own_host_names_are_served(string host, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v2/version") { Headers = { Host = host } };

        (await server.Client.SendAsync(request)).StatusCode.ShouldBe(expected);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", true)]
    [InlineData("Sec-Fetch-Site", "same-site", true)]
    [InlineData("Origin", "http://evil.example", true)]
    [InlineData("Origin", "null", true)]
    [InlineData("Sec-Fetch-Site", "same-origin", false)]
    [InlineData("Origin", "own", false)]
    [InlineData("X-Nothing", "a program", false)]
    public async Task Another_sites_page_cannot_change_anything(string header, string value, bool refused)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/dags/churn-daily/pause")
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("paused", "false")]),
        };
        request.Headers.Add(header, value == "own" ? server.Web.Address : value);

        var answer = await server.Client.SendAsync(request);

        answer.StatusCode.ShouldBe(refused ? HttpStatusCode.Forbidden : HttpStatusCode.OK);
    }

    [Fact]
    public async Task Pages_carry_a_policy_without_inline_code()
    {
        var policy = (await server.Client.GetAsync("/")).Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();

        policy.ShouldContain("default-src 'none'");
        policy.ShouldNotContain("unsafe");
    }
}
