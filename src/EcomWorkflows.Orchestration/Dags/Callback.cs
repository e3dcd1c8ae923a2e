namespace EcomWorkflows.Orchestration.Dags;

/// <summary>Whom to tell, of what, and how: by webhook or by e-mail.</summary>
public sealed record Callback
{
    /// <summary>Events it is for; at least one.</summary>
    public required IReadOnlyList<CallbackEvent> On { get; init; }

    /// <summary>http or https address that gets a POST; null for an e-mail.</summary>
    public string? Webhook { get; init; }

    /// <summary>Recipients of an e-mail; empty for a webhook.</summary>
    public IReadOnlyList<string> Email { get; init; } = [];

    /// <summary>For a webhook the connection whose password signs it (null: unsigned); for an e-mail that of type smtp.</summary>
    public string? Connection { get; init; }
}
