using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.Assets;

internal sealed record AssetEventCollection(
    [property: JsonPropertyName("asset_events")] IReadOnlyList<AssetEventResponse> AssetEvents, [property: JsonPropertyName("total_entries")] int TotalEntries);
