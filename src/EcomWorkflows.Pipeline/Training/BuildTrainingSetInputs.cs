using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>Inputs of <c>Ecom.BuildTrainingSet</c>.</summary>
public sealed record BuildTrainingSetInputs
{
    [TaskInput("Source whose customers are labelled.", OptionsFrom = "sources")]
    public required string Source { get; init; }
}
