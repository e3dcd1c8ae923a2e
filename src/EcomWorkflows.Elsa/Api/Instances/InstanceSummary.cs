using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>A run as a row of Elsa's list of workflow instances.</summary>
internal record InstanceSummary
{
    public required string Id { get; init; }

    public required string DefinitionId { get; init; }

    public required string DefinitionVersionId { get; init; }

    public required int Version { get; init; }

    public string? ParentWorkflowInstanceId { get; init; }

    public required string Status { get; init; }

    public required string SubStatus { get; init; }

    /// <summary>The logical date.</summary>
    public required string CorrelationId { get; init; }

    /// <summary>The run's name inside its DAG.</summary>
    public required string Name { get; init; }

    public required int IncidentCount { get; init; }

    public bool IsSystem { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public static InstanceSummary From(FoundRun run) => new()
    {
        Id = InstanceId.Of(run.RunId),
        DefinitionId = run.DagId,
        DefinitionVersionId = VersionId.Of(run.DagId, run.DagVersion),
        Version = run.DagVersion,
        Status = InstanceStatus.Status(run.Situation),
        SubStatus = InstanceStatus.SubStatus(run.Situation),
        CorrelationId = Correlation(run.LogicalDate),
        Name = run.RunKey,
        IncidentCount = run.Incidents,
        CreatedAt = run.CreatedAt,
        UpdatedAt = run.UpdatedAt,
        FinishedAt = run.EndedAt,
    };

    public static string Correlation(DateTimeOffset logicalDate) =>
        logicalDate.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFZ", System.Globalization.CultureInfo.InvariantCulture);
}
