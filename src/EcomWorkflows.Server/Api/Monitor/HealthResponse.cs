using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.Monitor;

/// <summary>Health as Airflow's HealthInfoResponse: <c>healthy</c> or <c>unhealthy</c> per part.</summary>
internal sealed record HealthResponse(
    [property: JsonPropertyName("metadatabase")] HealthPart Metadatabase,
    [property: JsonPropertyName("scheduler")] HealthPart Scheduler,
    [property: JsonPropertyName("nodes")] int Nodes);
