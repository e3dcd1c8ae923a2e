using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.TaskInstances;

/// <summary>A DAG that is scheduled on an asset a cleared task writes.</summary>
internal sealed record TriggeredDagResponse(
    [property: JsonPropertyName("dag_id")] string DagId,
    [property: JsonPropertyName("asset")] string Asset,
    [property: JsonPropertyName("task_id")] string TaskId);
