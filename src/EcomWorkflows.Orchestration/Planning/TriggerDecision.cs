namespace EcomWorkflows.Orchestration.Planning;

/// <summary>What the rules say about an instance that has not started.</summary>
public enum TriggerDecision
{
    /// <summary>More must be known first.</summary>
    Wait,

    /// <summary>Queue it.</summary>
    Run,

    /// <summary>Set <see cref="TaskState.Skipped"/> without running.</summary>
    Skip,

    /// <summary>Set <see cref="TaskState.Skipped"/> because a branch went past everything above it.</summary>
    Bypass,

    /// <summary>Set <see cref="TaskState.UpstreamFailed"/> without running.</summary>
    FailUpstream,

    /// <summary>Set <see cref="TaskState.Removed"/>: the list element of this map index no longer exists.</summary>
    Remove,
}
