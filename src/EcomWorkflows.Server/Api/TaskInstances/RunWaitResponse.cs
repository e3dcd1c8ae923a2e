using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.TaskInstances;

internal sealed record RunWaitResponse(
    [property: JsonPropertyName("reasons")] IReadOnlyList<WaitReasonResponse> Reasons,
    [property: JsonPropertyName("task_instances")] IReadOnlyList<InstanceWaitResponse> TaskInstances);
