namespace EcomWorkflows.Orchestration.Storage;

/// <summary>A version of a DAG or its draft, as lists show it.</summary>
public sealed record DefinitionInfo
{
    public string DagId { get; init; } = "";

    /// <summary>Number of the version; for a draft the number it gets when it is published.</summary>
    public int Version { get; init; }

    /// <summary>0 for a version; for a draft it grows whenever another window takes the draft over.</summary>
    public int Revision { get; init; }

    public string Name { get; init; } = "";

    public string? Description { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public string CreatedBy { get; init; } = "";

    public bool IsLatest { get; init; }

    public bool IsPublished { get; init; }

    public bool IsDeleted { get; init; }

    /// <summary>The workflow file the DAG came from; null for one made in Studio.</summary>
    public string? SourceFile { get; init; }

    /// <summary>Whether it means something else than the file did when it was last imported.</summary>
    public bool IsEdited { get; init; }

    public bool IsDraft => Revision > 0;

    public VersionId Id => new(DagId, Version, Revision);
}
