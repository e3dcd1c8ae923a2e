using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Outputs of <see cref="ShellTask"/>.</summary>
public sealed record ShellOutputs(
    [property: TaskInput("Exit code of the command.")] int ExitCode,
    [property: TaskInput("Last line it wrote to standard output.")] string LastLine);
