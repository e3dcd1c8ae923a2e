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
    Type OutputsRecord);
