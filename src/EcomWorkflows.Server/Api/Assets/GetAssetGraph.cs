using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Api.Assets;

/// <summary><c>GET /api/v2/assets/graph</c>: assets, the tasks that write and read them, the DAGs scheduled on them.</summary>
internal static class GetAssetGraph
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/assets/graph", HandleAsync).WithName("get_asset_graph").WithTags("Asset").WithSummary("Assets, producers and consumers as a graph").Produces<Graph>();

    private static async Task<IResult> HandleAsync(AssetReader assets, CancellationToken cancellationToken)
    {
        var uses = await assets.GraphAsync(cancellationToken);
        var nodes = uses.Select(u => new Node($"asset:{u.Asset}", "asset", u.Asset))
            .Concat(uses.Select(User))
            .Distinct().OrderBy(n => n.Id, StringComparer.Ordinal).ToList();
        var edges = uses.Select(u => u.Role == "outlet" ? new Edge(User(u).Id, $"asset:{u.Asset}") : new Edge($"asset:{u.Asset}", User(u).Id)).Distinct().ToList();
        return TypedResults.Ok(new Graph(nodes, edges));
    }

    private static Node User(AssetUse use) => use.TaskId.Length == 0
        ? new Node($"dag:{use.DagId}", "dag", use.DagId)
        : new Node($"task:{use.DagId}/{use.TaskId}", "task", $"{use.DagId}.{use.TaskId}");

    internal sealed record Node(
        [property: JsonPropertyName("id")] string Id, [property: JsonPropertyName("type")] string Type, [property: JsonPropertyName("label")] string Label);

    internal sealed record Edge([property: JsonPropertyName("source_id")] string SourceId, [property: JsonPropertyName("target_id")] string TargetId);

    internal sealed record Graph([property: JsonPropertyName("nodes")] IReadOnlyList<Node> Nodes, [property: JsonPropertyName("edges")] IReadOnlyList<Edge> Edges);
}
