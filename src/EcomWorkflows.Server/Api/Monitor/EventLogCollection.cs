using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.Monitor;

/// <summary>A part of the event log, newest first; <c>before</c> of the next request is the last id of this one.</summary>
internal sealed record EventLogCollection(
    [property: JsonPropertyName("event_logs")] IReadOnlyList<EventLogResponse> EventLogs,
    [property: JsonPropertyName("total_entries")] long TotalEntries);
