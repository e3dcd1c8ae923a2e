using System.Text.Json.Nodes;
using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EcomWorkflows.Elsa.Api.Definitions;

/// <summary>A part of a definition by node id, asked for when Studio opens a group that is not on its canvas.</summary>
internal static class GetSubgraph
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/workflow-definitions/subgraph/{id}", async (string id, string? parentNodeId, HttpContext context, DefinitionReader reader, CancellationToken ct) =>
        {
            var root = await RootAsync(id, context, reader, ct);
            var path = parentNodeId is { Length: > 0 } wanted ? Path(root, wanted) : [root];
            return Results.Json(Node(path[^1]), ElsaJson.Options);
        });
        routes.MapGet("/workflow-definitions/subgraph/segments/{id}", async (string id, string? childNodeId, HttpContext context, DefinitionReader reader, CancellationToken ct) =>
        {
            var path = Path(await RootAsync(id, context, reader, ct), childNodeId ?? "");
            var segments = path[..^1].Skip(1).Select(group => new
            {
                ActivityNodeId = group.Text("nodeId"), ActivityId = group.Text("id"), ActivityType = group.Text("type"), PortName = "Activities",
            });
            return Results.Json(new { ChildNode = Node(path[^1]), Container = Node(path[Math.Max(0, path.Count - 2)]), PathSegments = segments }, ElsaJson.Options);
        });
    }

    private static async Task<JsonObject> RootAsync(string id, HttpContext context, DefinitionReader reader, CancellationToken ct) =>
        (await reader.ReadAsync(await reader.FindAsync(id, ct), context.User, ct))["root"]!.AsObject();

    /// <summary>The activities from the root down to the one with the node id.</summary>
    private static List<JsonObject> Path(JsonObject activity, string nodeId) =>
        Find(activity, nodeId) ?? throw new NotFoundException($"The definition has no activity with the node id '{nodeId}'.");

    private static List<JsonObject>? Find(JsonObject activity, string nodeId)
    {
        if (activity.Text("nodeId") == nodeId)
            return [activity];
        foreach (var child in activity.Objects("activities"))
            if (Find(child, nodeId) is { } below)
                return [activity, .. below];
        return null;
    }

    private static JsonObject Node(JsonObject activity) => new()
    {
        ["activity"] = activity.DeepClone(),
        ["port"] = null,
        ["nodeId"] = activity.Text("nodeId"),
        ["parents"] = new JsonArray(),
        ["children"] = new JsonArray([.. activity.Objects("activities").Select(child =>
        {
            var node = Node(child);
            node["port"] = "Activities";
            return node;
        })]),
    };
}
