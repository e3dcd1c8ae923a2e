namespace EcomWorkflows.Orchestration.Storage;

/// <summary>A run a rerun request is about.</summary>
internal sealed record SelectedRun
{
    public long RunId { get; init; }

    public string RunKey { get; init; } = "";

    public string DagId { get; init; } = "";

    public DateTimeOffset LogicalDate { get; init; }

    public int Generation { get; init; }

    public int CurrentVersion { get; init; }
}
