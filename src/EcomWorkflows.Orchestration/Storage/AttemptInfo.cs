namespace EcomWorkflows.Orchestration.Storage;

/// <summary>One attempt (try) of a task instance.</summary>
public sealed record AttemptInfo
{
    public long AttemptId { get; init; }

    public long TaskInstanceId { get; init; }

    public long RunId { get; init; }

    public string TaskId { get; init; } = "";

    /// <summary>-1 where the task is not mapped.</summary>
    public int MapIndex { get; init; } = -1;

    public int TryNumber { get; init; }

    public Guid NodeId { get; init; }

    /// <summary><c>running</c>, <c>waiting</c>, <c>success</c>, <c>failed</c>, <c>skipped</c> or <c>fenced</c>.</summary>
    public string State { get; init; } = "";

    public string? Cause { get; init; }

    public string? Message { get; init; }

    public string? Exception { get; init; }

    public string? Outputs { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }
}
