using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.Pools;

internal sealed record PoolCollection(
    [property: JsonPropertyName("pools")] IReadOnlyList<PoolResponse> Pools,
    [property: JsonPropertyName("total_entries")] int TotalEntries);
