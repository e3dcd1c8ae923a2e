namespace EcomWorkflows.Orchestration.Dags;

/// <summary>Settings of a whole DAG.</summary>
public sealed record DagSettings
{
    /// <summary>
    /// Cron expressions (five-field Unix or Quartz), fixed intervals (<c>every 15m</c>) or presets such as <c>@daily</c>; empty means no runs by time.
    /// </summary>
    public IReadOnlyList<string> Schedule { get; init; } = [];

    /// <summary>IANA zone the schedule is read in.</summary>
    /// <value>The default is <c>UTC</c>.</value>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>Whether a run covers the time between two fire times, or stands for one point in time.</summary>
    public ScheduleKind ScheduleKind { get; init; } = ScheduleKind.Interval;

    /// <summary>What happens to a wall-clock time that does not exist because clocks go forward.</summary>
    public SkippedTime SkippedTime { get; init; } = SkippedTime.Shift;

    /// <summary>What happens to a wall-clock time that exists twice because clocks go back.</summary>
    public RepeatedTime RepeatedTime { get; init; } = RepeatedTime.First;

    /// <summary>Assets whose events start runs: <c>a &amp; b</c> (each has a new event), <c>a | (b &amp; c)</c>; null is none.</summary>
    public string? AssetSchedule { get; init; }

    /// <summary>Whether the DAG runs by its schedule and by its assets; must be set where it has both.</summary>
    public bool AssetOrTime { get; init; }

    /// <summary>So many failed runs in a row pause the DAG; null never does.</summary>
    public int? PauseAfterFailures { get; init; }

    /// <summary>Whether every missed interval gets a run; otherwise only the latest.</summary>
    public bool Catchup { get; init; }

    public DateTimeOffset? StartDate { get; init; }

    public DateTimeOffset? EndDate { get; init; }

    /// <summary>Runs of this DAG that may be running at once; further runs wait in <c>queued</c>.</summary>
    /// <value>The default is 16.</value>
    public int MaxActiveRuns { get; init; } = 16;

    /// <summary>Task instances of this DAG that may run at once over all its runs; null is no cap.</summary>
    public int? MaxActiveTasks { get; init; }

    /// <summary>Task instances that may run at once in one run of this DAG; null is no cap.</summary>
    public int? MaxActiveTasksPerRun { get; init; }

    /// <summary>A run older than this fails with cause <c>timeout</c>; null is no limit.</summary>
    public TimeSpan? RunTimeout { get; init; }

    /// <summary>Whether a failed task anywhere fails the run, not only a failed leaf.</summary>
    public bool FailIfAnyFailed { get; init; } = true;

    /// <summary>Whether the DAG starts paused when it is first imported.</summary>
    public bool PausedOnCreation { get; init; }

    /// <summary>Time after its start by which a run should have ended; missing it changes nothing but is told. Null is none.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>Whom to tell when a run succeeds, fails or misses its deadline.</summary>
    public IReadOnlyList<Callback> Callbacks { get; init; } = [];

    public string? Owner { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];
}
