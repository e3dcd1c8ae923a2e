namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>A task that has failed for good.</summary>
internal sealed record InstanceIncident(
    string ActivityId, string ActivityNodeId, string? ActivityInstanceId, string ActivityType, string Message, ExceptionState Exception, DateTimeOffset Timestamp);
