using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Api.Monitor;

/// <summary>An event as Airflow's EventLogResponse; the states before and after are ours.</summary>
internal sealed record EventLogResponse(
    [property: JsonPropertyName("event_log_id")] long EventLogId,
    [property: JsonPropertyName("when")] DateTimeOffset When,
    [property: JsonPropertyName("dag_id")] string? DagId,
    [property: JsonPropertyName("task_id")] string? TaskId,
    [property: JsonPropertyName("run_id")] long? RunId,
    [property: JsonPropertyName("event")] string Event,
    [property: JsonPropertyName("owner")] string Owner,
    [property: JsonPropertyName("state_before")] string? StateBefore,
    [property: JsonPropertyName("state_after")] string? StateAfter,
    [property: JsonPropertyName("extra")] JsonNode? Extra)
{
    public static EventLogResponse From(EventInfo row) => new(
        row.EventId, row.OccurredAt, row.DagId, row.TaskId, row.RunId, row.Kind, row.Actor, row.StateBefore, row.StateAfter,
        row.Details is { } details ? JsonNode.Parse(details) : null);
}
