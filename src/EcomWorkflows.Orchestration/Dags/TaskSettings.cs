namespace EcomWorkflows.Orchestration.Dags;

/// <summary>Settings every task has, whatever its type.</summary>
public sealed record TaskSettings
{
    public const string DefaultPool = "default_pool";

    /// <summary>How often a failed attempt is tried again; 0 is one try in all.</summary>
    public int Retries { get; init; }

    /// <summary>Wait before the first retry.</summary>
    /// <value>The default is 30 seconds.</value>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Each further retry waits this many times longer; 1 keeps the delay fixed.</summary>
    public double RetryFactor { get; init; } = 1;

    /// <summary>Upper bound of the delay; null is none.</summary>
    public TimeSpan? MaxRetryDelay { get; init; }

    /// <summary>Full jitter: the delay is drawn uniformly from zero to itself, seeded by the attempt.</summary>
    public bool RetryJitter { get; init; }

    /// <summary>Tries that may be lost to the infrastructure (a dead worker, our own database) without using up <see cref="Retries"/>.</summary>
    public int InfraRetries { get; init; } = 3;

    /// <summary>Causes or exception types that alone are tried again, for example <c>timeout</c>, <c>HttpRequestException</c>; empty means all.</summary>
    public IReadOnlyList<string> RetryOn { get; init; } = [];

    /// <summary>Causes or exception types that are never tried again; they win over <see cref="RetryOn"/>.</summary>
    public IReadOnlyList<string> NeverRetryOn { get; init; } = [];

    /// <summary>Time after the start of the run by which the task should have ended; missing it changes nothing but is told. Null is none.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>Whom to tell when the task succeeds, fails, is retried or misses its deadline.</summary>
    public IReadOnlyList<Callback> Callbacks { get; init; } = [];

    /// <summary>Limit of one attempt; null is none.</summary>
    public TimeSpan? Timeout { get; init; }

    public TriggerRule TriggerRule { get; init; } = TriggerRule.AllSuccess;

    /// <summary>Whether the task waits until it has succeeded (or was skipped) in the run before, by logical date.</summary>
    public bool DependsOnPast { get; init; }

    /// <summary>Names of the assets the task writes; each gets an event when it succeeds. A name may hold <c>{{ params.NAME }}</c>.</summary>
    public IReadOnlyList<string> Outlets { get; init; } = [];

    /// <summary>Names of the assets the task reads, for the asset graph.</summary>
    public IReadOnlyList<string> Inlets { get; init; } = [];

    public string Pool { get; init; } = DefaultPool;

    public int PoolSlots { get; init; } = 1;

    /// <summary>Higher runs first.</summary>
    public int PriorityWeight { get; init; } = 1;

    /// <summary>Whose weights count besides the task's own.</summary>
    public PriorityRule PriorityRule { get; init; } = PriorityRule.Own;

    /// <summary>Instances of this task that may run at once over all runs; null is no cap.</summary>
    public int? MaxActiveInstances { get; init; }

    /// <summary>Instances of this task that may run at once in one run (elements of its mapping); null is no cap.</summary>
    public int? MaxActiveInstancesPerRun { get; init; }

    public TaskIsolation Isolation { get; init; } = TaskIsolation.InProcess;

    /// <summary>Resident memory an isolated attempt may use, in megabytes; above it the process is killed with cause <c>out_of_memory</c>. Null is no limit.</summary>
    public int? MemoryLimitMegabytes { get; init; }

    /// <summary>
    /// The list the task is mapped over: <c>&lt;upstream task id&gt;.&lt;output name&gt;</c> or <c>params.&lt;name&gt;</c>; one instance per element. Null: not mapped.
    /// </summary>
    public string? MapOver { get; init; }

    /// <summary>Whether the task prepares something its descendants need: they run only when it has succeeded, whatever their trigger rules say.</summary>
    public bool IsSetup { get; init; }

    /// <summary>Whether the task cleans up: it runs when its upstreams are done, provided that one of the setups among them succeeded.</summary>
    public bool IsTeardown { get; init; }

    /// <summary>Whether the outcome counts for the state of the run; null is true, and false for a teardown.</summary>
    public bool? CountsForRun { get; init; }

    /// <summary>Whether the task, when it succeeds, covers the failures of the tasks above it: they then do not fail the run by themselves.</summary>
    public bool HandlesFailure { get; init; }
}
