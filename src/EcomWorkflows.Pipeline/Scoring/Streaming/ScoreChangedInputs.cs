using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Scoring.Streaming;

/// <summary>Inputs of <c>Ecom.ScoreChanged</c>.</summary>
public sealed record ScoreChangedInputs
{
    [TaskInput("Registered model whose champion scores.", OptionsFrom = "models")]
    public required string Model { get; init; }
}
