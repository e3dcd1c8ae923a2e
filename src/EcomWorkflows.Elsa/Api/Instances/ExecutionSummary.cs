using System.Text.Json.Nodes;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>One execution of an activity: an attempt of a task, or what was decided about it without one.</summary>
internal record ExecutionSummary
{
    public required string Id { get; init; }

    public required string WorkflowInstanceId { get; init; }

    public required string ActivityId { get; init; }

    public required string ActivityNodeId { get; init; }

    public required string ActivityType { get; init; }

    public required int ActivityTypeVersion { get; init; }

    public string? ActivityName { get; init; }

    public JsonObject Metadata { get; init; } = [];

    public required DateTimeOffset StartedAt { get; init; }

    public bool HasBookmarks { get; init; }

    /// <summary><c>Pending</c>, <c>Running</c>, <c>Completed</c>, <c>Canceled</c> or <c>Faulted</c>.</summary>
    public required string Status { get; init; }

    public int AggregateFaultCount { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>The execution whose end let this one start.</summary>
    public string? SchedulingActivityExecutionId { get; init; }

    public string? SchedulingActivityId { get; init; }

    public string? SchedulingWorkflowInstanceId { get; init; }

    public int? CallStackDepth { get; init; }
}
