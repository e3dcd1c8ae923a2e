namespace EcomWorkflows.Orchestration.Storage;

/// <summary>A task instance as pages show it; states and causes carry their wire names.</summary>
public sealed record TaskInstanceInfo
{
    public long TaskInstanceId { get; init; }

    public long RunId { get; init; }

    public string DagId { get; init; } = "";

    public string TaskId { get; init; } = "";

    public int MapIndex { get; init; }

    public string State { get; init; } = "";

    public int TryNumber { get; init; }

    /// <summary>Tries since the last clear that count against the retries.</summary>
    public int UserTries { get; init; }

    /// <summary>Tries since the last clear that were lost to the infrastructure.</summary>
    public int InfraTries { get; init; }

    public long? AttemptId { get; init; }

    public string Pool { get; init; } = "";

    public int PoolSlots { get; init; }

    public int PriorityWeight { get; init; }

    /// <summary>What a person wrote to it.</summary>
    public string? Note { get; init; }

    /// <summary>When a waiting retry is due.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? QueuedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public string? Cause { get; init; }

    public string? Message { get; init; }

    /// <summary>0 to 1, or null when unknown.</summary>
    public double? Progress { get; init; }

    public string? ProgressMessage { get; init; }

    /// <summary>JSON array of the ports a branch has chosen; null where it is no branch, or has not chosen.</summary>
    public string? Ports { get; init; }

    /// <summary>JSON of the newest attempt's outputs.</summary>
    public string? Outputs { get; init; }
}
