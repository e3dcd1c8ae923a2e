namespace EcomWorkflows.Orchestration.Storage;

/// <summary>One date of a backfill: what was done and why.</summary>
public sealed record BackfillDateInfo
{
    public int Ordinal { get; init; }

    public DateTimeOffset LogicalDate { get; init; }

    public DateTimeOffset DataIntervalStart { get; init; }

    public DateTimeOffset DataIntervalEnd { get; init; }

    /// <summary><c>create</c>, <c>reprocess</c> or <c>skip</c>.</summary>
    public string Action { get; init; } = "";

    /// <summary><c>waiting</c>, <c>started</c>, <c>skipped</c> or <c>released</c>.</summary>
    public string State { get; init; } = "";

    public string Reason { get; init; } = "";

    public long? RunId { get; init; }

    public string? RunKey { get; init; }

    /// <summary>State of its run; null where it has none.</summary>
    public string? RunState { get; init; }
}
