using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.DagRuns;

internal sealed record DagRunCollection(
    [property: JsonPropertyName("dag_runs")] IReadOnlyList<DagRunResponse> DagRuns,
    [property: JsonPropertyName("total_entries")] int TotalEntries);
