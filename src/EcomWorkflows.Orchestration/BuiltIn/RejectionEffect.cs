namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>What a rejected approval does to its task.</summary>
public enum RejectionEffect
{
    /// <summary>The task fails at once, without retries.</summary>
    Fail,

    /// <summary>The task is skipped.</summary>
    Skip,

    /// <summary>The task succeeds; a branch downstream can read the decision.</summary>
    Succeed,
}
