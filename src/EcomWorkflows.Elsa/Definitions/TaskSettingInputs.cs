using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>The settings every task has, as inputs of its activity; Studio's property panel edits them.</summary>
public sealed record TaskSettingInputs
{
    private static readonly TaskSettings Defaults = new();

    [TaskInput("How often a failed attempt is tried again; 0 is one try in all.")]
    public int Retries { get; init; } = Defaults.Retries;

    [TaskInput("Seconds to wait before the first retry.")]
    public double RetryDelaySeconds { get; init; } = Defaults.RetryDelay.TotalSeconds;

    [TaskInput("Each further retry waits this many times longer; 1 keeps the delay fixed.")]
    public double RetryFactor { get; init; } = Defaults.RetryFactor;

    [TaskInput("Upper bound of the delay in seconds; empty is none.")]
    public double? MaxRetryDelaySeconds { get; init; }

    [TaskInput("Draw the delay at random from zero to itself, so that many retries do not come at once.")]
    public bool RetryJitter { get; init; } = Defaults.RetryJitter;

    [TaskInput("Tries that may be lost to the infrastructure (a dead worker, our own database) without using up the retries.")]
    public int InfraRetries { get; init; } = Defaults.InfraRetries;

    [TaskInput("Causes or exception types that alone are tried again, for example [\"timeout\", \"HttpRequestException\"]; empty means all.")]
    public IReadOnlyList<string> RetryOn { get; init; } = [];

    [TaskInput("Causes or exception types that are never tried again.")]
    public IReadOnlyList<string> NeverRetryOn { get; init; } = [];

    [TaskInput("Seconds after the start of the run by which the task should have ended; only told, by callbacks on deadline.")]
    public double? DeadlineSeconds { get; init; }

    [TaskInput("Whom to tell: [{\"on\": [\"failure\"], \"webhook\": \"https://…\", \"connection\": \"signing\"}, {\"on\": [\"retry\"], \"email\": [\"a@b.c\"], \"connection\": \"smtp\"}].")]
    public IReadOnlyList<Callback> Callbacks { get; init; } = [];

    [TaskInput("Limit of one attempt in seconds; empty is none.")]
    public double? TimeoutSeconds { get; init; }

    [TaskInput("When the task runs, given the outcomes of its upstreams. It decides alone: Elsa's merge mode is ignored.")]
    public TriggerRule TriggerRule { get; init; } = Defaults.TriggerRule;

    [TaskInput("Wait until this task has succeeded in the run before.")]
    public bool DependsOnPast { get; init; } = Defaults.DependsOnPast;

    [TaskInput("Names of the assets the task writes; {{ params.NAME }} stands for a parameter.", OptionsFrom = "assets")]
    public IReadOnlyList<string> Outlets { get; init; } = [];

    [TaskInput("Names of the assets the task reads.", OptionsFrom = "assets")]
    public IReadOnlyList<string> Inlets { get; init; } = [];

    [TaskInput("Pool whose slots the task takes while it runs.", OptionsFrom = "pools")]
    public string Pool { get; init; } = Defaults.Pool;

    [TaskInput("Slots of the pool the task takes.")]
    public int PoolSlots { get; init; } = Defaults.PoolSlots;

    [TaskInput("Of the tasks that could run, those with a higher weight run first.")]
    public int PriorityWeight { get; init; } = Defaults.PriorityWeight;

    [TaskInput("Whose weights count besides the task's own: only its own, those of everything downstream, or those of everything upstream.")]
    public PriorityRule PriorityRule { get; init; } = Defaults.PriorityRule;

    [TaskInput("Instances of this task that may run at once over all runs; empty is no cap.")]
    public int? MaxActiveInstances { get; init; }

    [TaskInput("Instances of this task that may run at once in one run; empty is no cap.")]
    public int? MaxActiveInstancesPerRun { get; init; }

    [TaskInput("Where an attempt runs: in the node's process, or in one of its own that is killed on timeout, cancel and memory limit.")]
    public TaskIsolation Isolation { get; init; } = Defaults.Isolation;

    [TaskInput("Memory in megabytes an attempt in its own process may use; empty is no limit.")]
    public int? MemoryLimitMegabytes { get; init; }

    [TaskInput("List the task runs once for each element of: an upstream task's output (load.files) or a parameter (params.regions); inputs read {{ map_item }} and {{ map_index }}.")]
    public string? MapOver { get; init; }

    [TaskInput("Prepares something its descendants need: they run only when it has succeeded.")]
    public bool IsSetup { get; init; }

    [TaskInput("Cleans up: runs when its upstreams are done, if one of the setups among them succeeded.")]
    public bool IsTeardown { get; init; }

    [TaskInput("Whether its outcome counts for the state of the run; empty is yes, and no for a teardown.")]
    public bool? CountsForRun { get; init; }

    [TaskInput("When it succeeds, failures of the tasks above it do not fail the run by themselves.")]
    public bool HandlesFailure { get; init; }

    internal static TaskSettingInputs From(TaskSettings settings) => new()
    {
        Retries = settings.Retries,
        RetryDelaySeconds = settings.RetryDelay.TotalSeconds,
        RetryFactor = settings.RetryFactor,
        MaxRetryDelaySeconds = settings.MaxRetryDelay?.TotalSeconds,
        RetryJitter = settings.RetryJitter,
        InfraRetries = settings.InfraRetries,
        RetryOn = settings.RetryOn,
        NeverRetryOn = settings.NeverRetryOn,
        DeadlineSeconds = settings.Deadline?.TotalSeconds,
        Callbacks = settings.Callbacks,
        TimeoutSeconds = settings.Timeout?.TotalSeconds,
        TriggerRule = settings.TriggerRule,
        DependsOnPast = settings.DependsOnPast,
        Outlets = settings.Outlets,
        Inlets = settings.Inlets,
        Pool = settings.Pool,
        PoolSlots = settings.PoolSlots,
        PriorityWeight = settings.PriorityWeight,
        PriorityRule = settings.PriorityRule,
        MaxActiveInstances = settings.MaxActiveInstances,
        MaxActiveInstancesPerRun = settings.MaxActiveInstancesPerRun,
        Isolation = settings.Isolation,
        MemoryLimitMegabytes = settings.MemoryLimitMegabytes,
        MapOver = settings.MapOver,
        IsSetup = settings.IsSetup,
        IsTeardown = settings.IsTeardown,
        CountsForRun = settings.CountsForRun,
        HandlesFailure = settings.HandlesFailure,
    };

    internal TaskSettings ToSettings() => new()
    {
        Retries = Retries,
        RetryDelay = Seconds.ToTimeSpan(RetryDelaySeconds),
        RetryFactor = RetryFactor,
        MaxRetryDelay = Seconds.ToTimeSpan(MaxRetryDelaySeconds),
        RetryJitter = RetryJitter,
        InfraRetries = InfraRetries,
        RetryOn = RetryOn,
        NeverRetryOn = NeverRetryOn,
        Deadline = Seconds.ToTimeSpan(DeadlineSeconds),
        Callbacks = Callbacks,
        Timeout = Seconds.ToTimeSpan(TimeoutSeconds),
        TriggerRule = TriggerRule,
        DependsOnPast = DependsOnPast,
        Outlets = Outlets,
        Inlets = Inlets,
        Pool = Pool,
        PoolSlots = PoolSlots,
        PriorityWeight = PriorityWeight,
        PriorityRule = PriorityRule,
        MaxActiveInstances = MaxActiveInstances,
        MaxActiveInstancesPerRun = MaxActiveInstancesPerRun,
        Isolation = Isolation,
        MemoryLimitMegabytes = MemoryLimitMegabytes,
        MapOver = MapOver,
        IsSetup = IsSetup,
        IsTeardown = IsTeardown,
        CountsForRun = CountsForRun,
        HandlesFailure = HandlesFailure,
    };
}
