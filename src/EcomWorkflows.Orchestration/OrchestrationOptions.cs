namespace EcomWorkflows.Orchestration;

/// <summary>How this node takes part in the orchestration.</summary>
public sealed record OrchestrationOptions
{
    /// <summary>Attempts this node runs at once.</summary>
    /// <value>The default is 4.</value>
    public int Slots { get; init; } = 4;

    /// <summary>How long a node may stay silent before its attempts are given to others; the heartbeat comes every third of it.</summary>
    /// <value>The default is 15 seconds.</value>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Wait between two sweeps for lost nodes, due retries and overdue runs.</summary>
    /// <value>The default is 5 seconds.</value>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Safety net behind the notifications: how often the queue is asked without one.</summary>
    /// <value>The default is 2 seconds.</value>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Wait before a callback that was not taken is sent again; it doubles with every try, up to an hour.</summary>
    /// <value>The default is 5 seconds.</value>
    public TimeSpan CallbackRetryDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a callback is sent before it is given up as dead.</summary>
    /// <value>The default is 12: about four hours.</value>
    public int CallbackTries { get; init; } = 12;

    /// <summary>How long a cancelled or timed-out attempt may take to stop before it is abandoned (in process) or killed (child process).</summary>
    /// <value>The default is 5 seconds.</value>
    public TimeSpan CancelGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Folder under which attempts get their scratch folders, absolute.</summary>
    public required string WorkRoot { get; init; }

    /// <summary>Folder of the key that encrypts the secrets of variables and connections; made when it is first needed. Nodes of one database share the key.</summary>
    /// <value>The default is <c>keys</c> beside <see cref="WorkRoot"/>.</value>
    public string? KeyFolder { get; init; }

    /// <summary>Program and leading arguments that run one isolated attempt; the attempt id is appended. Empty: isolated tasks fail with a message that says so.</summary>
    public IReadOnlyList<string> ChildCommand { get; init; } = [];

    /// <summary>Environment of the child besides the inherited one, for example the database connection; never logged.</summary>
    public IReadOnlyDictionary<string, string> ChildEnvironment { get; init; } = new Dictionary<string, string>();

    public string ProgramVersion { get; init; } = "0";
}
