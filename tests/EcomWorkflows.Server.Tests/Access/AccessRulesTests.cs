using EcomWorkflows.Server.Access;
using EcomWorkflows.Testing;
using EcomWorkflows.Testing.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Access;

public class AccessRulesTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("GET", "/", Role.Viewer)]
    [InlineData("GET", "/api/v2/dags", Role.Viewer)]
    [InlineData("HEAD", "/studio/index.html", Role.Viewer)]
    [InlineData("GET", "/metrics", Role.Viewer)]
    [InlineData("GET", "/api/v2/connections/shop", Role.Admin)]
    [InlineData("POST", "/api/v2/dags/churn-daily/dagRuns", Role.Operator)]
    [InlineData("PATCH", "/API/v2/Dags/churn-daily", Role.Operator)]
    [InlineData("POST", "/elsa/api/workflow-instances", Role.Viewer)]
    [InlineData("POST", "/elsa/api/workflow-instances/7/journal", Role.Viewer)]
    [InlineData("DELETE", "/elsa/api/workflow-instances/7", Role.Operator)]
    [InlineData("POST", "/elsa/api/bulk-actions/delete/workflow-instances/by-id", Role.Operator)]
    [InlineData("DELETE", "/api/v2/dags/churn-daily/dagRuns/one", Role.Operator)]
    [InlineData("POST", "/elsa/api/workflow-definitions", Role.Editor)]
    [InlineData("POST", "/elsa/api/workflow-definitions/churn-daily/execute", Role.Operator)]
    [InlineData("POST", "/elsa/api/workflow-definitions/churn-daily/publish", Role.Editor)]
    [InlineData("POST", "/elsa/hubs/workflow-instance/negotiate", Role.Viewer)]
    [InlineData("POST", "/get-online-features", Role.Viewer)]
    [InlineData("POST", "/get-online-features/more", Role.Admin)]
    [InlineData("PUT", "/what/nobody/thought/of", Role.Admin)]
    public void A_request_needs(string method, string path, object role) => AccessRules.Needed(method, path).ShouldBe((Role)role);

    [Theory]
    [InlineData("GET", "/healthz")]
    [InlineData("GET", "/demo-shop/customers")]
    [InlineData("POST", "/sign-in")]
    [InlineData("POST", "/api/v2/auth/token")]
    public void Open_are(string method, string path) => AccessRules.Needed(method, path).ShouldBeNull();

    [Fact]
    public async Task Nothing_that_is_mapped_is_left_to_the_last_rule_and_only_sign_in_is_open()
    {
        await using var server = await WebServer.StartAsync(postgres.ConnectionString);

        var mapped = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => Methods(endpoint).Select(method => (Method: method, Path: Example(endpoint.RoutePattern), Route: endpoint.RoutePattern.RawText)))
            .Distinct().ToList();

        mapped.Count.ShouldBeGreaterThan(40);
        mapped.Where(m => ReferenceEquals(AccessRules.RuleOf(m.Method, m.Path), AccessRules.All[^1])).ShouldBeEmpty();
        mapped.Where(m => AccessRules.Needed(m.Method, m.Path) is null).Select(m => m.Route!.Split('/')[1]).Distinct()
            .ShouldBe(["sign-in", "sign-out", "api", "assets", "favicon.ico"], ignoreOrder: true);
    }

    private static IEnumerable<string> Methods(RouteEndpoint endpoint)
    {
        // A fallback answers 404 or 405, whatever the method.
        if (endpoint.Order == int.MaxValue)
            return [];
        return endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? methods : [HttpMethods.Get, HttpMethods.Post];
    }

    private static string Example(RoutePattern pattern) =>
        "/" + string.Join('/', pattern.PathSegments.Select(segment => segment.IsSimple && segment.Parts[0] is RoutePatternLiteralPart literal ? literal.Content : "x"));
}
