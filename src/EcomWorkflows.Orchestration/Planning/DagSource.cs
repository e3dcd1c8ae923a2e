namespace EcomWorkflows.Orchestration.Planning;

/// <summary>How a DAG stands to its file.</summary>
public sealed record DagSource
{
    public string DagId { get; init; } = "";

    public int CurrentVersion { get; init; }

    /// <summary>Meaning of the current version.</summary>
    public string CurrentHash { get; init; } = "";

    /// <summary>Null for a DAG made in Studio.</summary>
    public string? SourceFile { get; init; }

    /// <summary>Meaning of the file at its last import.</summary>
    public string? SourceHash { get; init; }

    /// <summary>SHA-256 of the file's content then; null where it was imported before this was kept.</summary>
    public string? SourceText { get; init; }

    public bool IsRetracted { get; init; }

    public bool IsDeleted { get; init; }

    /// <summary>Whether there is a draft that means something else than the current version.</summary>
    public bool HasOtherDraft { get; init; }

    /// <summary>Who published the current version.</summary>
    public string CreatedBy { get; init; } = "";

    /// <summary>Whether Studio has something that the file, as it was last imported, has not.</summary>
    public bool IsEdited => CurrentHash != SourceHash || HasOtherDraft || IsRetracted || IsDeleted;
}
