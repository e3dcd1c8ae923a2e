using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Outputs of <see cref="AssetSensorTask"/>.</summary>
public sealed record AssetSensorOutputs(
    [property: TaskInput("Number of the asset event found, the newest that counts.")] long AssetEventId,
    [property: TaskInput("When it happened.")] DateTimeOffset OccurredAt);
