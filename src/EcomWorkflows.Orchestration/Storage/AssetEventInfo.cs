namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Something wrote an asset.</summary>
public sealed record AssetEventInfo
{
    public long AssetEventId { get; init; }

    public long AssetId { get; init; }

    public string Asset { get; init; } = "";

    public DateTimeOffset OccurredAt { get; init; }

    /// <summary>The DAG, run, task and attempt that wrote it; null for an event reported from outside.</summary>
    public string? DagId { get; init; }

    public long? RunId { get; init; }

    public string? RunKey { get; init; }

    public string? TaskId { get; init; }

    public int? MapIndex { get; init; }

    public long? AttemptId { get; init; }

    public long? RowCount { get; init; }

    /// <summary>JSON object.</summary>
    public string Extra { get; init; } = "{}";

    public string CreatedBy { get; init; } = "";

    /// <summary>Runs it started.</summary>
    public IReadOnlyList<RunInfo> CreatedRuns { get; init; } = [];
}
