using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Api.TaskInstances;

internal sealed record InstanceWaitResponse(
    [property: JsonPropertyName("task_id")] string TaskId,
    [property: JsonPropertyName("map_index")] int MapIndex,
    [property: JsonPropertyName("state")] string? State,
    [property: JsonPropertyName("reasons")] IReadOnlyList<WaitReasonResponse> Reasons)
{
    public static InstanceWaitResponse From(InstanceWait wait) =>
        new(wait.TaskId, wait.MapIndex, wait.State == "none" ? null : wait.State, [.. wait.Reasons.Select(WaitReasonResponse.From)]);
}
