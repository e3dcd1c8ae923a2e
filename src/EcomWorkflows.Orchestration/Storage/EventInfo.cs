namespace EcomWorkflows.Orchestration.Storage;

/// <summary>A row of the event log: who did what, when, before and after.</summary>
public sealed record EventInfo
{
    public long EventId { get; init; }

    public DateTimeOffset OccurredAt { get; init; }

    public string Kind { get; init; } = "";

    public string Actor { get; init; } = "";

    public string? DagId { get; init; }

    public long? RunId { get; init; }

    public long? TaskInstanceId { get; init; }

    public long? AttemptId { get; init; }

    public string? TaskId { get; init; }

    public string? StateBefore { get; init; }

    public string? StateAfter { get; init; }

    /// <summary>JSON object, or null.</summary>
    public string? Details { get; init; }
}
