namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Which runs a search is about; what is not set does not filter.</summary>
public sealed record RunFilter
{
    /// <summary>Part of the run's name or of the DAG's id, or the whole run id; upper and lower case are the same.</summary>
    public string? Text { get; init; }

    public IReadOnlyList<string> DagIds { get; init; } = [];

    public int? DagVersion { get; init; }

    public DateTimeOffset? LogicalDate { get; init; }

    /// <summary>Whether tasks of the run have failed, cancelled ones not counted.</summary>
    public bool? HasIncidents { get; init; }

    public IReadOnlyCollection<RunSituation> Situations { get; init; } = [];

    public IReadOnlyList<string> RunTypes { get; init; } = [];

    public InstantFilter Created { get; init; } = new();

    public InstantFilter Updated { get; init; } = new();

    public InstantFilter Ended { get; init; } = new();
}
