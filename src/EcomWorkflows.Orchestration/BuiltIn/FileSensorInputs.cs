using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Inputs of <see cref="FileSensorTask"/>.</summary>
public sealed record FileSensorInputs : SensorInputs
{
    [TaskInput("Absolute path; its last part may hold * and ?.")]
    public required string Path { get; init; }

    [TaskInput("Seconds a file must have been left unchanged, so that one that is still being written does not count.", Min = 0, Max = 31_536_000)]
    public double UnchangedSeconds { get; init; }
}
