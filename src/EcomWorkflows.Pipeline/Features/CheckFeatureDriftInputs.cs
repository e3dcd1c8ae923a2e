using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Inputs of <see cref="CheckFeatureDriftTask"/>.</summary>
public sealed record CheckFeatureDriftInputs
{
    [TaskInput("Feature view whose newest values are judged.", OptionsFrom = "feature_views")]
    public required string View { get; init; }

    [TaskInput("How many days before the newest values the reference lies; where the history does not reach back so far, its first values are taken.")]
    public int ReferenceDays { get; init; } = 28;

    [TaskInput("Whether drift fails the task, so that the callbacks of the task or its DAG tell of it.")]
    public bool FailOnDrift { get; init; } = true;
}
