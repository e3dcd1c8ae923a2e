namespace EcomWorkflows.Orchestration.Storage;

/// <summary>A question a task has asked, with its answer where one came.</summary>
public sealed record QuestionInfo
{
    public long QuestionId { get; init; }

    public long AttemptId { get; init; }

    public long RunId { get; init; }

    public string DagId { get; init; } = "";

    public string RunKey { get; init; } = "";

    public string TaskId { get; init; } = "";

    public int MapIndex { get; init; }

    public string Subject { get; init; } = "";

    public string Body { get; init; } = "";

    public string[] Options { get; init; } = [];

    /// <summary>Who may answer; empty means anybody who may operate runs.</summary>
    public string[] Assignees { get; init; } = [];

    public DateTimeOffset AskedAt { get; init; }

    /// <summary>When the task goes on without an answer; null waits for ever.</summary>
    public DateTimeOffset? Until { get; init; }

    public DateTimeOffset? AnsweredAt { get; init; }

    public string? AnsweredBy { get; init; }

    public string? Answer { get; init; }

    public string? Comment { get; init; }

    /// <summary>Answered, timed out or withdrawn; null while it can be answered.</summary>
    public DateTimeOffset? ClosedAt { get; init; }
}
