namespace EcomWorkflows.Orchestration.Planning;

/// <summary>One thing a run or task instance waits for, as data; members that do not apply are empty or null.</summary>
/// <param name="Message">The same as a sentence.</param>
public sealed record WaitReason(WaitKind Kind, string Message)
{
    /// <summary>Tasks it waits for.</summary>
    public IReadOnlyList<string> Tasks { get; init; } = [];

    public string? Pool { get; init; }

    /// <summary>Who holds the slots or places.</summary>
    public IReadOnlyList<WaitHolder> Holders { get; init; } = [];

    /// <summary>When it goes on by itself.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Who may answer; empty with <see cref="WaitKind.Approval"/> means anybody who may operate.</summary>
    public IReadOnlyList<string> People { get; init; } = [];

    /// <summary>The cap that is reached, or the slots the pool has.</summary>
    public int? Limit { get; init; }
}
