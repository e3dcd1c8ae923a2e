namespace EcomWorkflows.Orchestration.Storage;

/// <summary>A stored log row.</summary>
public sealed record LogInfo
{
    /// <summary>Increases with time; the token to read on from.</summary>
    public long LogId { get; init; }

    public long AttemptId { get; init; }

    public DateTimeOffset LoggedAt { get; init; }

    public string Level { get; init; } = "";

    public string Category { get; init; } = "";

    public string Message { get; init; } = "";

    public string? Fields { get; init; }

    public string? Exception { get; init; }
}
