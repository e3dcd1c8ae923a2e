using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Scoring;

/// <summary>Inputs of <c>Ecom.ScoreChurn</c>.</summary>
public sealed record ScoreChurnInputs
{
    [TaskInput("Source whose customers are scored.", OptionsFrom = "sources")]
    public required string Source { get; init; }

    [TaskInput("How many of the customers with the highest risk get their reasons stored. Exact reasons cost about a millisecond each.")]
    public int ExplainTop { get; init; } = 1_000;
}
