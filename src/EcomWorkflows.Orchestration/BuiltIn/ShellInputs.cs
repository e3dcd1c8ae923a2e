using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Inputs of <see cref="ShellTask"/>.</summary>
public sealed record ShellInputs
{
    [TaskInput("Command line for /bin/sh. Values come in as environment variables: write \"$NAME\".", UiHint = "multiline", NoTemplates = true)]
    public required string Command { get; init; }

    [TaskInput("Environment variables, as a JSON object; templates, also of secrets, are allowed here.")]
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    [TaskInput("Folder the command runs in, absolute; empty is a scratch folder that is deleted afterwards.")]
    public string? WorkingFolder { get; init; }

    [TaskInput("Exit codes that count as success.")]
    public IReadOnlyList<int> SuccessCodes { get; init; } = [0];

    [TaskInput("Exit code that means there was nothing to do: the task is skipped.")]
    public int SkipCode { get; init; } = 99;

    [TaskInput("Lines of output that are kept in the log; further ones are counted.", Min = 0)]
    public int MaxLogLines { get; init; } = 10_000;
}
