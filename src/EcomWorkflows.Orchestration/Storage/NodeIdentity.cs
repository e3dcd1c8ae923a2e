namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Which process of which boot of which host a node is; together they name a process for ever, a process id alone may be reused.</summary>
public sealed record NodeIdentity
{
    public Guid NodeId { get; init; }

    public string Host { get; init; } = "";

    public string BootId { get; init; } = "";

    public int ProcessId { get; init; }

    /// <summary>Start time of the process in clock ticks since boot.</summary>
    public long ProcessTicks { get; init; }
}
