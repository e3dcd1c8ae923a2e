using EcomWorkflows.Orchestration.Planning;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>What a person wants to run again, or to mark: a selection of instances in one or more runs of a DAG.</summary>
public sealed record RerunRequest(ClearSelection Selection)
{
    /// <summary>The run; null for all runs of <see cref="DagId"/> in the window.</summary>
    public long? RunId { get; init; }

    /// <summary>With <see cref="RunId"/>: also the runs of its DAG with an earlier logical date.</summary>
    public bool Past { get; init; }

    /// <summary>With <see cref="RunId"/>: also the runs of its DAG with a later logical date.</summary>
    public bool Future { get; init; }

    public string? DagId { get; init; }

    /// <summary>First logical date of the window, inclusive; null is from the first run on.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Last logical date of the window, inclusive; null is up to the last run.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Bring the runs to the DAG's current version first; otherwise each keeps its own. Only for a clear.</summary>
    public bool LatestVersion { get; init; }

    /// <summary>The generation of <see cref="RunId"/> the decision was made looking at; refused where it is another by now. Null does not check.</summary>
    public int? Generation { get; init; }

    /// <summary>Kept with the instances; null leaves what there is.</summary>
    public string? Note { get; init; }
}
