namespace EcomWorkflows.Pipeline.Training.Leaks;

/// <summary>What a leak that was found does.</summary>
public enum LeakPolicy
{
    /// <summary>The task fails and names the column.</summary>
    Stop,

    /// <summary>Training goes on; report, card and evidence say that the figures cannot be trusted.</summary>
    Report,
}
