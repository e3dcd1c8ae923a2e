using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.Dags;

internal sealed record DagCollection(
    [property: JsonPropertyName("dags")] IReadOnlyList<DagResponse> Dags,
    [property: JsonPropertyName("total_entries")] int TotalEntries);
