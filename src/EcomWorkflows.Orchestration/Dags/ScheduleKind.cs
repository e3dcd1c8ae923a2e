namespace EcomWorkflows.Orchestration.Dags;

/// <summary>What a scheduled run stands for.</summary>
public enum ScheduleKind
{
    /// <summary>The time from one fire time to the next: the run's logical date is its start, and it is created at its end.</summary>
    Interval,

    /// <summary>The fire time itself: that is the logical date, and the data interval is empty.</summary>
    Point,
}
