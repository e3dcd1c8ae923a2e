using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.Connections;

internal sealed record ConnectionCollection(
    [property: JsonPropertyName("connections")] IReadOnlyList<ConnectionResponse> Connections,
    [property: JsonPropertyName("total_entries")] int TotalEntries);
