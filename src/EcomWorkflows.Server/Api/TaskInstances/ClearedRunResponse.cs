using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.TaskInstances;

/// <summary>What a clear or mark does to one run besides the instances it names.</summary>
/// <param name="Generation">The run's generation before; a request that carries it is refused with 409 once it is another.</param>
internal sealed record ClearedRunResponse(
    [property: JsonPropertyName("dag_run_id")] string DagRunId,
    [property: JsonPropertyName("logical_date")] DateTimeOffset LogicalDate,
    [property: JsonPropertyName("generation")] int Generation,
    [property: JsonPropertyName("dag_version")] int DagVersion,
    [property: JsonPropertyName("rederived_task_ids")] IReadOnlyList<string> RederivedTaskIds,
    [property: JsonPropertyName("added_task_ids")] IReadOnlyList<string> AddedTaskIds,
    [property: JsonPropertyName("dropped_task_ids")] IReadOnlyList<string> DroppedTaskIds);
