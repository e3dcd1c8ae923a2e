using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Scoring.Outcomes;

/// <summary>Inputs of <c>Ecom.EvaluateOutcomes</c>.</summary>
public sealed record EvaluateOutcomesInputs
{
    [TaskInput("Source whose scorings are judged by what happened.", OptionsFrom = "sources")]
    public required string Source { get; init; }

    [TaskInput("Whether drifted labels or a decayed model fail the task, so that the callbacks of the task or its DAG tell of it.")]
    public bool FailOnDrift { get; init; } = true;
}
