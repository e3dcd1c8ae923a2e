using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.TaskInstances;

internal sealed record WaitHolderResponse(
    [property: JsonPropertyName("dag_id")] string DagId,
    [property: JsonPropertyName("dag_run_id")] string DagRunId,
    [property: JsonPropertyName("task_id")] string TaskId,
    [property: JsonPropertyName("map_index")] int MapIndex,
    [property: JsonPropertyName("slots")] int Slots);
