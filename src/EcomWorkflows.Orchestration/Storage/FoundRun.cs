using EcomWorkflows.Orchestration.Planning;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>A run as searches find it.</summary>
public sealed record FoundRun
{
    public long RunId { get; init; }

    public string DagId { get; init; } = "";

    public string RunKey { get; init; } = "";

    public int DagVersion { get; init; }

    public string RunType { get; init; } = "";

    public DateTimeOffset LogicalDate { get; init; }

    public DateTimeOffset DataIntervalStart { get; init; }

    public DateTimeOffset DataIntervalEnd { get; init; }

    public string State { get; init; } = "";

    /// <summary>Wire name of the <see cref="RunSituation"/>.</summary>
    public string SituationName { get; init; } = "";

    /// <summary>JSON object.</summary>
    public string Params { get; init; } = "{}";

    public string? Message { get; init; }

    public string? Note { get; init; }

    public string CreatedBy { get; init; } = "";

    /// <summary>Task instances that failed, cancelled ones not counted.</summary>
    public int Incidents { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When anything of the run or its tasks last changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public RunSituation Situation => StateNames.Parse<RunSituation>(SituationName);
}
