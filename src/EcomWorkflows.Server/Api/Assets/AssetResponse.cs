using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Api.Assets;

/// <summary>An asset as Airflow's AssetResponse.</summary>
internal sealed record AssetResponse(
    [property: JsonPropertyName("id")] long Id,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("uri")] string Uri,
    [property: JsonPropertyName("group")] string Group,
    [property: JsonPropertyName("extra")] JsonObject Extra,
    [property: JsonPropertyName("created_at")] DateTimeOffset CreatedAt,
    [property: JsonPropertyName("updated_at")] DateTimeOffset UpdatedAt,
    [property: JsonPropertyName("scheduled_dags")] IReadOnlyList<AssetUseResponse> ScheduledDags,
    [property: JsonPropertyName("producing_tasks")] IReadOnlyList<AssetUseResponse> ProducingTasks,
    [property: JsonPropertyName("consuming_tasks")] IReadOnlyList<AssetUseResponse> ConsumingTasks,
    [property: JsonPropertyName("last_asset_event")] LastAssetEventResponse? LastAssetEvent)
{
    public static AssetResponse From(AssetInfo asset) => new(
        asset.AssetId, asset.Name, asset.Name, "asset", [], asset.CreatedAt, asset.LastEventAt ?? asset.CreatedAt, Uses(asset, "schedule"), Uses(asset, "outlet"),
        Uses(asset, "inlet"), asset is { LastEventId: { } id, LastEventAt: { } at } ? new LastAssetEventResponse(id, at, asset.LastRowCount) : null);

    private static IReadOnlyList<AssetUseResponse> Uses(AssetInfo asset, string role) =>
        [.. asset.Uses.Where(u => u.Role == role).Select(u => new AssetUseResponse(u.DagId, role == "schedule" ? null : u.TaskId))];
}
