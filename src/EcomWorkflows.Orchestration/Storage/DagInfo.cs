namespace EcomWorkflows.Orchestration.Storage;

/// <summary>A DAG as lists show it.</summary>
public sealed record DagInfo
{
    public string DagId { get; init; } = "";

    public int CurrentVersion { get; init; }

    public bool IsPaused { get; init; }

    /// <summary>False once the file it came from is gone.</summary>
    public bool IsActive { get; init; }

    public string? SourceFile { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }
}
