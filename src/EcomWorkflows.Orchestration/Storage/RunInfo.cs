namespace EcomWorkflows.Orchestration.Storage;

/// <summary>A DAG run as lists and pages show it; states carry their wire names.</summary>
public sealed record RunInfo
{
    public long RunId { get; init; }

    public string DagId { get; init; } = "";

    /// <summary>Name inside the DAG (Airflow's dag_run_id).</summary>
    public string RunKey { get; init; } = "";

    public int DagVersion { get; init; }

    public string RunType { get; init; } = "";

    public DateTimeOffset LogicalDate { get; init; }

    public DateTimeOffset DataIntervalStart { get; init; }

    public DateTimeOffset DataIntervalEnd { get; init; }

    public string State { get; init; } = "";

    /// <summary>JSON object.</summary>
    public string Params { get; init; } = "{}";

    public int ClearNumber { get; init; }

    /// <summary>+1 with every clear, mark and cancel; a decision that names it is refused once it is another.</summary>
    public int Generation { get; init; }

    /// <summary>Task instances that have not ended yet.</summary>
    public int Unfinished { get; init; }

    public string? Message { get; init; }

    public string? Note { get; init; }

    public string CreatedBy { get; init; } = "";

    public DateTimeOffset QueuedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }
}
