using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Inputs of <see cref="BranchTask"/>.</summary>
public sealed record BranchInputs
{
    [TaskInput("Names of the ways on; each is a port to connect tasks to.", UiHint = "dynamic-outcomes")]
    public required IReadOnlyList<string> Outcomes { get; init; }

    [TaskInput("The outcome to go on along, usually a template such as {{ params.mode }}; several as a list, or separated by commas.")]
    public required string Choose { get; init; }

    [TaskInput("Outcome for a choice that names none of them; empty fails the task.")]
    public string? Otherwise { get; init; }
}
