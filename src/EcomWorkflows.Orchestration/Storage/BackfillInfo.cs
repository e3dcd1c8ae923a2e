namespace EcomWorkflows.Orchestration.Storage;

/// <summary>A backfill as lists and APIs show it.</summary>
public sealed record BackfillInfo
{
    public long BackfillId { get; init; }

    public string DagId { get; init; } = "";

    public DateTimeOffset FromDate { get; init; }

    public DateTimeOffset ToDate { get; init; }

    /// <summary>JSON object; null: the DAG's defaults.</summary>
    public string? Params { get; init; }

    /// <summary><c>none</c>, <c>failed</c> or <c>completed</c>.</summary>
    public string ReprocessBehavior { get; init; } = "";

    public bool RunBackwards { get; init; }

    public int MaxActiveRuns { get; init; }

    public bool IsPaused { get; init; }

    public bool IsCancelled { get; init; }

    public string CreatedBy { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Whether its DAG is paused, which holds up its tasks too.</summary>
    public bool IsDagPaused { get; init; }

    /// <summary>Dates in all, still waiting, skipped, and released by a cancellation.</summary>
    public int Dates { get; init; }

    public int Waiting { get; init; }

    public int Skipped { get; init; }

    public int Released { get; init; }

    /// <summary>Its runs by state.</summary>
    public int Active { get; init; }

    public int Succeeded { get; init; }

    public int Failed { get; init; }

    /// <summary>Mean time of one of its finished runs, in seconds; before there is one, of the DAG's newest successful runs. Null where there is none.</summary>
    public double? MeanRunSeconds { get; init; }

    /// <summary><c>running</c>, <c>paused</c>, <c>cancelled</c> or <c>completed</c>.</summary>
    public string State => this switch
    {
        { IsCancelled: true } => "cancelled",
        { CompletedAt: not null } => "completed",
        { IsPaused: true } => "paused",
        _ => "running",
    };

    /// <summary>Time until its last run has ended if all go on as they did; null when it has ended, waits, or nothing is known.</summary>
    public TimeSpan? Remaining => State != "running" || IsDagPaused || MeanRunSeconds is not { } mean
        ? null
        : TimeSpan.FromSeconds(Math.Ceiling(mean * Math.Ceiling((Waiting + Active) / (double)MaxActiveRuns)));
}
