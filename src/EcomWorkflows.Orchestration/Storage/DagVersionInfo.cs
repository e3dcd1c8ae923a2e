namespace EcomWorkflows.Orchestration.Storage;

/// <summary>One immutable version of a DAG.</summary>
public sealed record DagVersionInfo
{
    public string DagId { get; init; } = "";

    public int Version { get; init; }

    public string ContentHash { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public string CreatedBy { get; init; } = "";
}
