namespace EcomWorkflows.Orchestration.Dags;

/// <summary>What a callback tells of.</summary>
public enum CallbackEvent
{
    /// <summary>The task or run has succeeded.</summary>
    Success,

    /// <summary>The task or run has failed for good.</summary>
    Failure,

    /// <summary>An attempt of the task has failed and is tried again.</summary>
    Retry,

    /// <summary>The task or run has not ended by its deadline.</summary>
    Deadline,
}
