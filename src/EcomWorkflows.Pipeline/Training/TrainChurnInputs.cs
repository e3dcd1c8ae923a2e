using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>Inputs of <c>Ecom.TrainChurn</c>.</summary>
public sealed record TrainChurnInputs
{
    [TaskInput("Source whose churn model is trained.", OptionsFrom = "sources")]
    public required string Source { get; init; }

    [TaskInput("Seed of every random choice (folds, row and column samples). The same seed and training set give the same model.")]
    public int Seed { get; init; } = 42;
}
