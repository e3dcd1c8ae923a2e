using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>The settings of a DAG, as inputs of its root flowchart; Studio shows them when the empty canvas is clicked.</summary>
public sealed record DagSettingInputs
{
    private static readonly DagSettings Defaults = new();
    private static readonly char[] LineBreaks = ['\n', '\r'];

    [TaskInput("When the DAG runs by itself: cron (0 3 * * *), a fixed interval (every 15m) or a preset (@daily); several separated by '|'; empty is only by hand.")]
    public string Schedule { get; init; } = "";

    [TaskInput("IANA time zone the schedule is read in, for example Europe/Berlin.")]
    public string TimeZone { get; init; } = Defaults.TimeZone;

    [TaskInput("Whether a run covers the time between two fire times (interval), or stands for one point in time (point).")]
    public ScheduleKind ScheduleKind { get; init; } = Defaults.ScheduleKind;

    [TaskInput("A wall-clock time that does not exist because clocks go forward: run at the next one that does (shift), or not at all (skip).")]
    public SkippedTime SkippedTime { get; init; } = Defaults.SkippedTime;

    [TaskInput("A wall-clock time that exists twice because clocks go back: run at the first, the last, or both.")]
    public RepeatedTime RepeatedTime { get; init; } = Defaults.RepeatedTime;

    [TaskInput("Assets whose updates start the DAG: 'a & b' when each has a new event, 'a | (b & c)' for either; empty is none.", OptionsFrom = "assets")]
    public string? AssetSchedule { get; init; }

    [TaskInput("Run by the schedule and by the assets; needed where both are set.")]
    public bool AssetOrTime { get; init; } = Defaults.AssetOrTime;

    [TaskInput("Pause the DAG after so many failed runs in a row; empty is never.")]
    public int? PauseAfterFailures { get; init; }

    [TaskInput("Run every interval that was missed since the start date, not only the latest.")]
    public bool Catchup { get; init; } = Defaults.Catchup;

    [TaskInput("No scheduled run covers an interval before this date; without an offset it is UTC.")]
    public DateTimeOffset? StartDate { get; init; }

    [TaskInput("No scheduled run covers an interval after this date; without an offset it is UTC.")]
    public DateTimeOffset? EndDate { get; init; }

    [TaskInput("Runs of this DAG that may be running at once.")]
    public int MaxActiveRuns { get; init; } = Defaults.MaxActiveRuns;

    [TaskInput("Tasks of this DAG that may run at once over all its runs; empty is no cap.")]
    public int? MaxActiveTasks { get; init; }

    [TaskInput("Tasks that may run at once in one run of this DAG; empty is no cap.")]
    public int? MaxActiveTasksPerRun { get; init; }

    [TaskInput("A run older than this many seconds fails; empty is no limit.")]
    public double? RunTimeoutSeconds { get; init; }

    [TaskInput("Whether a failed task anywhere fails the run, not only a failed leaf.")]
    public bool FailIfAnyFailed { get; init; } = Defaults.FailIfAnyFailed;

    [TaskInput("Start paused when the DAG is first imported.")]
    public bool PausedOnCreation { get; init; } = Defaults.PausedOnCreation;

    [TaskInput("Seconds after its start by which a run should have ended; only told, by callbacks on deadline.")]
    public double? DeadlineSeconds { get; init; }

    [TaskInput("Whom to tell when a run succeeds, fails or misses its deadline: [{\"on\": [\"failure\"], \"webhook\": \"https://…\", \"connection\": \"signing\"}].")]
    public IReadOnlyList<Callback> Callbacks { get; init; } = [];

    [TaskInput("Who answers for the DAG.")]
    public string? Owner { get; init; }

    [TaskInput("Words to find the DAG by.")]
    public IReadOnlyList<string> Tags { get; init; } = [];

    internal static DagSettingInputs From(DagSettings settings) => new()
    {
        Schedule = string.Join(" | ", settings.Schedule),
        TimeZone = settings.TimeZone,
        ScheduleKind = settings.ScheduleKind,
        SkippedTime = settings.SkippedTime,
        RepeatedTime = settings.RepeatedTime,
        AssetSchedule = settings.AssetSchedule,
        AssetOrTime = settings.AssetOrTime,
        PauseAfterFailures = settings.PauseAfterFailures,
        Catchup = settings.Catchup,
        StartDate = settings.StartDate,
        EndDate = settings.EndDate,
        MaxActiveRuns = settings.MaxActiveRuns,
        MaxActiveTasks = settings.MaxActiveTasks,
        MaxActiveTasksPerRun = settings.MaxActiveTasksPerRun,
        RunTimeoutSeconds = settings.RunTimeout?.TotalSeconds,
        FailIfAnyFailed = settings.FailIfAnyFailed,
        PausedOnCreation = settings.PausedOnCreation,
        DeadlineSeconds = settings.Deadline?.TotalSeconds,
        Callbacks = settings.Callbacks,
        Owner = settings.Owner,
        Tags = settings.Tags,
    };

    internal DagSettings ToSettings() => new()
    {
        // An empty line is nothing; an empty part between two '|' is a mistake, and is said to be one.
        Schedule =
        [
            .. Schedule.Split(LineBreaks, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .SelectMany(line => line.Split('|', StringSplitOptions.TrimEntries)),
        ],
        TimeZone = TimeZone.Trim(),
        ScheduleKind = ScheduleKind,
        SkippedTime = SkippedTime,
        RepeatedTime = RepeatedTime,
        AssetSchedule = string.IsNullOrWhiteSpace(AssetSchedule) ? null : AssetSchedule.Trim(),
        AssetOrTime = AssetOrTime,
        PauseAfterFailures = PauseAfterFailures,
        Catchup = Catchup,
        StartDate = StartDate,
        EndDate = EndDate,
        MaxActiveRuns = MaxActiveRuns,
        MaxActiveTasks = MaxActiveTasks,
        MaxActiveTasksPerRun = MaxActiveTasksPerRun,
        RunTimeout = Seconds.ToTimeSpan(RunTimeoutSeconds),
        FailIfAnyFailed = FailIfAnyFailed,
        PausedOnCreation = PausedOnCreation,
        Deadline = Seconds.ToTimeSpan(DeadlineSeconds),
        Callbacks = Callbacks,
        Owner = Owner,
        Tags = Tags,
    };
}
