namespace EcomWorkflows.Orchestration.Dags;

/// <summary>What a schedule does with a wall-clock time that does not exist on the day clocks go forward.</summary>
public enum SkippedTime
{
    /// <summary>It fires at the first instant after the gap.</summary>
    Shift,

    /// <summary>It does not fire that day.</summary>
    Skip,
}
