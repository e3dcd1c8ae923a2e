using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Scoring.Drift;

/// <summary>Inputs of <c>Ecom.CheckScoreDrift</c>.</summary>
public sealed record CheckScoreDriftInputs
{
    [TaskInput("Source whose newest scoring is judged.", OptionsFrom = "sources")]
    public required string Source { get; init; }

    [TaskInput("Whether drift fails the task, so that the callbacks of the task or its DAG tell of it.")]
    public bool FailOnDrift { get; init; } = true;
}
