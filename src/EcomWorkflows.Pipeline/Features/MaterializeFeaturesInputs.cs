using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Inputs of <see cref="MaterializeFeaturesTask"/>.</summary>
public sealed record MaterializeFeaturesInputs
{
    [TaskInput("Feature view to bring up to date: one whose source is a lake table, a SQL text or pushes.", OptionsFrom = "feature_views")]
    public required string View { get; init; }
}
