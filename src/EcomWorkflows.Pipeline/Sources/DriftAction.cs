namespace EcomWorkflows.Pipeline.Sources;

/// <summary>What a difference between declared and delivered columns does to the task.</summary>
public enum DriftAction
{
    /// <summary>Nothing is published.</summary>
    Fail,

    /// <summary>The task goes on; log and outputs say what was found.</summary>
    Warn,

    /// <summary>The task goes on and says nothing.</summary>
    Accept,
}
