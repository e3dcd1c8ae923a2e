using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.Assets;

/// <summary>A DAG that is scheduled on an asset, or a task that writes or reads it.</summary>
internal sealed record AssetUseResponse(
    [property: JsonPropertyName("dag_id")] string DagId,
    [property: JsonPropertyName("task_id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? TaskId);
