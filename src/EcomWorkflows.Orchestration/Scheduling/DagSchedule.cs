using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>When a DAG's runs are due: pure arithmetic over the expressions of its schedule in its time zone.</summary>
public sealed class DagSchedule
{
    private readonly IReadOnlyList<FireTimes> expressions;

    private DagSchedule(IReadOnlyList<FireTimes> expressions, TimeZoneInfo zone, ScheduleKind kind)
    {
        this.expressions = expressions;
        TimeZone = zone;
        Kind = kind;
    }

    public TimeZoneInfo TimeZone { get; }

    public ScheduleKind Kind { get; }

    /// <summary>Whether it fires again and again: false for <c>@once</c>.</summary>
    public bool IsPeriodic => expressions.Any(e => e is not OnceTimes);

    /// <summary>Reads a DAG's schedule.</summary>
    /// <returns>Null where the DAG has none.</returns>
    /// <exception cref="ScheduleException">An expression or the time zone cannot be read.</exception>
    public static DagSchedule? Create(DagSettings settings)
    {
        if (settings.Schedule.Count == 0)
            return null;
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(settings.TimeZone, out var zone))
            throw new ScheduleException($"Time zone '{settings.TimeZone}' is unknown; give an IANA name such as 'UTC' or 'Europe/Berlin'.");
        var expressions = settings.Schedule.Select(text => Parse(text, settings, zone)).ToList();
        // One fire time makes no interval.
        return new DagSchedule(expressions, zone, expressions.All(e => e is OnceTimes) ? ScheduleKind.Point : settings.ScheduleKind);
    }

    /// <summary>Reads the schedule of a DAG that is stored: an earlier version of the program may have let in what this one refuses.</summary>
    /// <param name="problem">Why it cannot be read; null where it can.</param>
    /// <returns>Null where the DAG has none, or it cannot be read.</returns>
    public static DagSchedule? Read(DagSettings settings, out string? problem)
    {
        try
        {
            problem = null;
            return Create(settings);
        }
        catch (ScheduleException unreadable)
        {
            problem = unreadable.Message;
            return null;
        }
    }

    /// <summary>The first instant after <paramref name="after"/> at which any of the expressions fires.</summary>
    /// <returns>Null when none ever fires again.</returns>
    public DateTimeOffset? NextAfter(DateTimeOffset after) => expressions.Select(e => e.NextAfter(after)).Min();

    /// <summary>The last instant at or before <paramref name="at"/> at which any of the expressions fires.</summary>
    public DateTimeOffset? LastUntil(DateTimeOffset at) => expressions.Select(e => e.LastUntil(at)).Max();

    /// <summary>The first slot that starts at or after <paramref name="from"/>; null when none comes.</summary>
    public DataInterval? FirstFrom(DateTimeOffset from)
    {
        if (NextAfter(from.AddTicks(-1)) is not { } start)
            return null;
        if (Kind == ScheduleKind.Point)
            return new DataInterval(start, start);
        return NextAfter(start) is { } end ? new DataInterval(start, end) : null;
    }

    /// <summary>The newest slot that has ended by <paramref name="now"/>.</summary>
    public DataInterval? LastComplete(DateTimeOffset now)
    {
        if (LastUntil(now) is not { } end)
            return null;
        if (Kind == ScheduleKind.Point)
            return new DataInterval(end, end);
        return LastUntil(end.AddTicks(-1)) is { } start ? new DataInterval(start, end) : null;
    }

    /// <summary>Slots in order, the first one starting at or after <paramref name="from"/>, ended by <paramref name="now"/>.</summary>
    public IEnumerable<DataInterval> Complete(DateTimeOffset from, DateTimeOffset now)
    {
        for (var slot = FirstFrom(from); slot is { } one && one.End <= now; slot = After(one))
            yield return one;
    }

    /// <summary>Coming fire times with what each run covers, and notes about the days clocks change.</summary>
    public IEnumerable<FireTime> Upcoming(DateTimeOffset after)
    {
        var previous = after;
        for (var next = NextAfter(after); next is { } fire; next = NextAfter(fire))
        {
            var interval = Kind == ScheduleKind.Interval && LastUntil(fire.AddTicks(-1)) is { } start ? new DataInterval(start, fire) : new DataInterval(fire, fire);
            var notes = expressions.Select(e => e.Note(previous, fire)).Where(n => n is not null).Distinct().ToList();
            yield return new FireTime(fire, interval, notes.Count == 0 ? null : string.Join("; ", notes));
            previous = fire;
        }
    }

    /// <summary>The slot that follows another.</summary>
    public DataInterval? After(DataInterval slot) => Kind == ScheduleKind.Point ? FirstFrom(slot.Start.AddTicks(1)) : FirstFrom(slot.End);

    private static FireTimes Parse(string text, DagSettings settings, TimeZoneInfo zone) =>
        ScheduleText.TryParse(text, settings, zone, out var times, out var problem)
            ? times
            : throw new ScheduleException($"Schedule {problem}. Allowed: {ScheduleText.Allowed}.");
}
