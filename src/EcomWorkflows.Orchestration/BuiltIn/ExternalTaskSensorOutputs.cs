using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Outputs of <see cref="ExternalTaskSensorTask"/>.</summary>
public sealed record ExternalTaskSensorOutputs(
    [property: TaskInput("Name of the other DAG's run.")] string RunId,
    [property: TaskInput("State that was found.")] string State);
