using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Outputs of <see cref="FileSensorTask"/>.</summary>
public sealed record FileSensorOutputs([property: TaskInput("Files found, in order of their names.")] IReadOnlyList<string> Paths);
