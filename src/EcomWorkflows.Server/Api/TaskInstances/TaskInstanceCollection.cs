using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.TaskInstances;

internal sealed record TaskInstanceCollection(
    [property: JsonPropertyName("task_instances")] IReadOnlyList<TaskInstanceResponse> TaskInstances,
    [property: JsonPropertyName("total_entries")] int TotalEntries);
