using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Preparation;

/// <summary>Inputs of <see cref="PrepareTask"/>.</summary>
public sealed record PrepareInputs
{
    [TaskInput("Source whose validated rows become silver tables.", OptionsFrom = "sources")]
    public required string Source { get; init; }
}
