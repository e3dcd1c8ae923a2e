namespace EcomWorkflows.Orchestration.Planning;

/// <summary>State of a task instance; the wire names are Airflow's (snake_case).</summary>
public enum TaskState
{
    /// <summary>Created or cleared; its trigger rule has not decided yet.</summary>
    None,

    /// <summary>Decided to run; waits for what its input needs before it is queued.</summary>
    Scheduled,

    /// <summary>In the queue; a node with a free slot takes it.</summary>
    Queued,

    /// <summary>An attempt is running.</summary>
    Running,

    /// <summary>Cleared while running; its attempt is fenced and it is tried again at once.</summary>
    Restarting,

    /// <summary>Failed; waits until its next try is due.</summary>
    UpForRetry,

    /// <summary>A sensor between two checks.</summary>
    UpForReschedule,

    /// <summary>Gave its slot back until an outside event.</summary>
    Deferred,

    /// <summary>Waits for a person.</summary>
    AwaitingInput,

    Success,
    Failed,
    Skipped,

    /// <summary>Will not run, because of an upstream's failure.</summary>
    UpstreamFailed,

    /// <summary>A mapped instance whose list element no longer exists.</summary>
    Removed,
}
