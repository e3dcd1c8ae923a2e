namespace EcomWorkflows.Orchestration.Planning;

/// <summary>What a run or task instance that is not running waits for; semantics, section 10.</summary>
public enum WaitKind
{
    PausedDag,
    PausedBackfill,

    /// <summary>The DAG's schedule: nothing is due before <see cref="WaitReason.At"/>.</summary>
    Schedule,

    /// <summary>Assets the DAG is scheduled on.</summary>
    Assets,

    /// <summary>The DAG's cap of active runs.</summary>
    MaxActiveRuns,

    /// <summary>The run itself has not started.</summary>
    Run,

    /// <summary>Tasks before it: upstreams, setups, or branches that may still go past it.</summary>
    Upstreams,

    /// <summary>The same task of the run before.</summary>
    PastRun,

    /// <summary>Slots of a pool that others hold.</summary>
    Pool,

    /// <summary>A pool that does not exist, or has fewer slots than the task takes: it never starts by itself.</summary>
    ImpossiblePool,

    /// <summary>A cap of the DAG, the run or the task.</summary>
    Concurrency,

    /// <summary>The next try.</summary>
    Retry,

    /// <summary>The next check of a sensor.</summary>
    Recheck,

    /// <summary>An outside event.</summary>
    Event,

    /// <summary>A person's answer.</summary>
    Approval,

    /// <summary>A node: none is alive.</summary>
    NoLiveNode,

    /// <summary>Its turn: nodes are alive, slots are open, and a place on a node comes free.</summary>
    Turn,
}
