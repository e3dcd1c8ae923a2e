using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.Assets;

internal sealed record AssetCollection(
    [property: JsonPropertyName("assets")] IReadOnlyList<AssetResponse> Assets, [property: JsonPropertyName("total_entries")] int TotalEntries);
