using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Outputs of <see cref="TriggerDagTask"/>.</summary>
public sealed record TriggerDagOutputs(
    [property: TaskInput("Name of the run inside its DAG.")] string RunId,
    [property: TaskInput("State of the run: queued where it was not waited for.")] string State);
