namespace EcomWorkflows.Orchestration.Planning;

/// <summary>What a trigger rule says about an instance that has not started.</summary>
public enum TriggerDecision
{
    /// <summary>More must be known first.</summary>
    Wait,

    /// <summary>Queue it.</summary>
    Run,

    /// <summary>Set <see cref="TaskState.Skipped"/> without running.</summary>
    Skip,

    /// <summary>Set <see cref="TaskState.UpstreamFailed"/> without running.</summary>
    FailUpstream,
}
