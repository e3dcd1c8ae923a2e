using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.Monitor;

internal sealed record DagWarningResponse(
    [property: JsonPropertyName("dag_id")] string DagId,
    [property: JsonPropertyName("warning_type")] string WarningType,
    [property: JsonPropertyName("message")] string Message);
