namespace EcomWorkflows.Orchestration.Storage;

/// <summary>A callback that is waiting, was delivered, or could not be.</summary>
public sealed record CallbackInfo
{
    public long CallbackId { get; init; }

    /// <summary>Goes with every try, so that a receiver can tell a repetition.</summary>
    public Guid IdempotencyKey { get; init; }

    /// <summary><c>success</c>, <c>failure</c>, <c>retry</c> or <c>deadline</c>.</summary>
    public string Event { get; init; } = "";

    public string DagId { get; init; } = "";

    public long RunId { get; init; }

    public string RunKey { get; init; } = "";

    /// <summary>Null where it is about the run.</summary>
    public string? TaskId { get; init; }

    public long? AttemptId { get; init; }

    /// <summary><c>webhook</c> or <c>email</c>.</summary>
    public string Channel { get; init; } = "";

    /// <summary>Address, or recipient (of older ones, several separated by commas).</summary>
    public string Target { get; init; } = "";

    /// <summary>The target for people: of a webhook only scheme, host and port, as the rest of its address may hold a secret.</summary>
    public string Place => Channel == "webhook" ? new Uri(Target).GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) : Target;

    public string? Connection { get; init; }

    /// <summary>JSON object: state, cause, message and so on.</summary>
    public string Facts { get; init; } = "{}";

    /// <summary><c>pending</c>, <c>delivered</c> or <c>dead</c>.</summary>
    public string State { get; init; } = "";

    public int Tries { get; init; }

    public DateTimeOffset LogicalDate { get; init; }

    public DateTimeOffset NotBefore { get; init; }

    public string? LastError { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }
}
