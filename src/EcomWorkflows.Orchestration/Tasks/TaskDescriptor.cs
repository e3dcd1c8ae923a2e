namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>A registered task type, as its attributes describe it.</summary>
public sealed record TaskDescriptor(
    string Name,
    int Version,
    string DisplayName,
    string Category,
    string Description,
    IReadOnlyList<TaskPropertyDescriptor> Inputs,
    IReadOnlyList<TaskPropertyDescriptor> Outputs,
    Type TaskClass,
    Type InputsRecord,
    Type OutputsRecord)
{
    /// <summary>Ports of a branching task besides <c>Done</c>, which every task has.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    /// <summary>PascalCase name of the list input that names further ports in the DAG; null where the ports are fixed.</summary>
    public string? DynamicPortsInput { get; init; }
}
