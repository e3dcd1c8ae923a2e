using System.Text.Json.Nodes;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>One line of Elsa's journal.</summary>
/// <param name="ActivityInstanceId">Id of the execution record it belongs to.</param>
/// <param name="Sequence">Our event id: it never changes, whatever is filtered.</param>
internal sealed record JournalRecord(
    string Id,
    string ActivityInstanceId,
    string? ParentActivityInstanceId,
    string ActivityId,
    string ActivityType,
    int ActivityTypeVersion,
    string? ActivityName,
    string NodeId,
    DateTimeOffset Timestamp,
    long Sequence,
    string EventName,
    string? Message,
    string? Source,
    JsonObject? ActivityState,
    JsonObject? Payload);
