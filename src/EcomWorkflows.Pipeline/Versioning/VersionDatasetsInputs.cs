using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>Inputs of <see cref="VersionDatasetsTask"/>.</summary>
public sealed record VersionDatasetsInputs
{
    [TaskInput("Source whose raw files, silver and gold tables and training sets are versioned.", OptionsFrom = "sources")]
    public required string Source { get; init; }
}
