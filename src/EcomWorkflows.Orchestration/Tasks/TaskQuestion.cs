namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>What a task asks a person.</summary>
/// <param name="Subject">One line: what is to be decided.</param>
/// <param name="Options">The answers allowed, at least one.</param>
public sealed record TaskQuestion(string Subject, IReadOnlyList<string> Options)
{
    public string Body { get; init; } = "";

    /// <summary>Who may answer; empty means anybody who may operate runs.</summary>
    public IReadOnlyList<string> Assignees { get; init; } = [];

    /// <summary>When the attempt is taken up without an answer; null waits for ever.</summary>
    public DateTimeOffset? Until { get; init; }
}
