using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary><c>GET /workflow-instances/{id}</c>, its variables, and the short form that is polled.</summary>
internal static class GetInstance
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/workflow-instances/{id}", async (string id, InstanceViews views, CancellationToken ct) =>
            TypedResults.Ok(Details(await views.GetAsync(id, ct))));
        routes.MapGet("/workflow-instances/{id}/variables", async (string id, InstanceViews views, RunSearch search, CancellationToken ct) =>
        {
            var run = await search.GetAsync(InstanceId.Parse(id), ct);
            return TypedResults.Ok(new CountedList<Variable>(Variables(run, await views.NodesAsync(run, ct))));
        });
        routes.MapGet("/workflow-instances/{id}/execution-state", async (string id, RunSearch search, CancellationToken ct) =>
        {
            var run = await search.GetAsync(InstanceId.Parse(id), ct);
            return TypedResults.Ok(new ExecutionState(InstanceStatus.Status(run.Situation), InstanceStatus.SubStatus(run.Situation), run.UpdatedAt));
        });
    }

    public static InstanceDetails Details(InstanceView view) => new(InstanceSummary.From(view.Run), InstanceState.From(view));

    /// <summary>The definition's variables with the values the run has; Studio shows text only.</summary>
    public static IReadOnlyList<Variable> Variables(FoundRun run, DagNodes nodes)
    {
        var values = JsonNode.Parse(run.Params)!.AsObject();
        return
        [
            .. nodes.Variables.Where(v => values.ContainsKey(v.Name)).Select(v => new Variable(
                v.Id, v.Name, values[v.Name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : values[v.Name]?.ToReadableText())),
        ];
    }

    internal sealed record Variable(string Id, string Name, string? Value);

    internal sealed record ExecutionState(string Status, string SubStatus, DateTimeOffset UpdatedAt);
}
