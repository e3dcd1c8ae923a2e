namespace EcomWorkflows.Orchestration.Storage;

/// <summary>One event of a run, with what its attempt said where there was one.</summary>
public sealed record JournalEntry
{
    /// <summary>Also the order: it never changes, whatever is filtered.</summary>
    public long EventId { get; init; }

    public DateTimeOffset OccurredAt { get; init; }

    public string Kind { get; init; } = "";

    public string Actor { get; init; } = "";

    public long? TaskInstanceId { get; init; }

    public int? MapIndex { get; init; }

    public long? AttemptId { get; init; }

    public int? TryNumber { get; init; }

    public string? TaskId { get; init; }

    public string? StateBefore { get; init; }

    public string? StateAfter { get; init; }

    /// <summary>JSON object, or null.</summary>
    public string? Details { get; init; }

    /// <summary>JSON array of the ports its attempt, a branch, has chosen; null elsewhere.</summary>
    public string? Ports { get; init; }

    /// <summary>Stack trace of the attempt that failed.</summary>
    public string? Exception { get; init; }

    public bool IsCancelled { get; init; }

    public JournalKind What => new(Kind, StateAfter ?? "", IsCancelled);
}
