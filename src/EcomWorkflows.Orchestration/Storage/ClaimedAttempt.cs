namespace EcomWorkflows.Orchestration.Storage;

/// <summary>An attempt a node has just got.</summary>
public sealed record ClaimedAttempt
{
    public long AttemptId { get; init; }

    public long TaskInstanceId { get; init; }

    public long RunId { get; init; }

    public string DagId { get; init; } = "";

    public string RunKey { get; init; } = "";

    public string RunType { get; init; } = "";

    public int DagVersion { get; init; }

    public string TaskId { get; init; } = "";

    public int MapIndex { get; init; }

    /// <summary>JSON of the list element a mapped instance is for.</summary>
    public string? MapItem { get; init; }

    public int TryNumber { get; init; }

    /// <summary>How often the attempt was taken up, this time included.</summary>
    public int Check { get; init; } = 1;

    /// <summary>Number of the first try since the last clear.</summary>
    public int FirstTry { get; init; } = 1;

    /// <summary>JSON object its last check left; null at the first.</summary>
    public string? Memo { get; init; }

    /// <summary>JSON of the <see cref="Tasks.TaskAnswer"/> a person gave, or null.</summary>
    public string? Answer { get; init; }

    public DateTimeOffset LogicalDate { get; init; }

    public DateTimeOffset DataIntervalStart { get; init; }

    public DateTimeOffset DataIntervalEnd { get; init; }

    /// <summary>JSON object of the run's parameters.</summary>
    public string Params { get; init; } = "{}";
}
