using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Server.Tests.Api;
using Shouldly;

namespace EcomWorkflows.Server.Tests.Elsa;

/// <summary>Talks to Elsa's API as Studio does.</summary>
internal static class InstanceApi
{
    public const string Root = "Workflow1:churn-daily-root";

    public static async Task<string> InstanceOfAsync(this RunningServer server, string runKey) =>
        (await server.PostAsync("/workflow-instances", new { searchTerm = runKey }))["items"]!.AsArray().Single(i => (string?)i!["name"] == runKey)!["id"]!.GetValue<string>();

    public static Task<JsonObject> ElsaAsync(this RunningServer server, string path) => server.GetAsync("/elsa/api" + path);

    public static async Task<JsonObject> PostAsync(this RunningServer server, string path, object body)
    {
        var answer = await server.Client.PostAsJsonAsync("/elsa/api" + path, body);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    /// <summary>The messages of an answer that refuses, by field.</summary>
    public static async Task<JsonObject> RefusalAsync(this HttpResponseMessage answer)
    {
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["errors"]!.AsObject();
    }

    public static async Task<JsonObject?> StatAsync(this RunningServer server, string instance, string task) =>
        (await server.PostAsync("/activity-executions/report", new { workflowInstanceId = instance, activityNodeIds = new[] { $"{Root}:{task}" } }))["stats"]!.AsArray().SingleOrDefault() as JsonObject;
}
