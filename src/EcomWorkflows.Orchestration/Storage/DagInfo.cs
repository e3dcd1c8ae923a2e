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

    /// <summary>Whether the current version means something else than its file did when that was last imported.</summary>
    public bool IsEdited { get; init; }

    /// <summary>Taken back in Studio: no new runs until it is published again.</summary>
    public bool IsRetracted { get; init; }

    /// <summary>Whether there is an unpublished draft.</summary>
    public bool HasDraft { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }
}
