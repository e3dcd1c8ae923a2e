using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.Monitor;

internal sealed record DagWarningCollection(
    [property: JsonPropertyName("dag_warnings")] IReadOnlyList<DagWarningResponse> DagWarnings,
    [property: JsonPropertyName("total_entries")] int TotalEntries);
