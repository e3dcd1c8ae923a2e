using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.Dags;

/// <summary>A declared parameter, as in Airflow's DAG details.</summary>
internal sealed record DagParamResponse(
    [property: JsonPropertyName("value")] JsonNode? Value,
    [property: JsonPropertyName("description")] string? Description,
    [property: JsonPropertyName("schema")] DagParamSchema Schema);
