namespace EcomWorkflows.Orchestration.Storage;

/// <summary>A page of versions of DAGs.</summary>
public sealed record DefinitionQuery(VersionFilter Versions)
{
    /// <summary>Empty is no filter.</summary>
    public IReadOnlyCollection<string> DagIds { get; init; } = [];

    /// <summary>Part of name, id or description; null is no filter.</summary>
    public string? Search { get; init; }

    public DefinitionOrder Order { get; init; }

    public bool Descending { get; init; }

    public int Offset { get; init; }

    /// <summary>Null is no limit.</summary>
    public int? Limit { get; init; }
}
