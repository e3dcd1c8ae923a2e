using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Inputs of <see cref="AssetSensorTask"/>.</summary>
public sealed record AssetSensorInputs : SensorInputs
{
    [TaskInput("Name of the asset.", OptionsFrom = "assets", UiHint = "dropdown")]
    public required string Asset { get; init; }

    [TaskInput("Events before this instant do not count; empty is the start of this run's data interval.")]
    public DateTimeOffset? Since { get; init; }
}
