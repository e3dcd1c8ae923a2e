using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Inputs of <see cref="BuildFeaturesTask"/>.</summary>
public sealed record BuildFeaturesInputs
{
    [TaskInput("Source whose feature view is computed.", OptionsFrom = "sources")]
    public required string Source { get; init; }
}
