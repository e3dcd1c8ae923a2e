using EcomWorkflows.Orchestration.Dags;
using Quartz;

namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>When a DAG's runs are due: pure arithmetic over its cron expressions in its time zone.</summary>
public sealed class DagSchedule
{
    private readonly IReadOnlyList<CronExpression> expressions;

    private DagSchedule(IReadOnlyList<CronExpression> expressions, TimeZoneInfo zone)
    {
        this.expressions = expressions;
        TimeZone = zone;
    }

    public TimeZoneInfo TimeZone { get; }

    /// <summary>The cron expressions in Quartz's form, one trigger each.</summary>
    public IEnumerable<string> QuartzExpressions => expressions.Select(e => e.CronExpressionString);

    /// <summary>Reads a DAG's schedule.</summary>
    /// <returns>Null where the DAG has none.</returns>
    /// <exception cref="ScheduleException">An expression or the time zone cannot be read.</exception>
    public static DagSchedule? Create(DagSettings settings)
    {
        if (settings.Schedule.Count == 0)
            return null;
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(settings.TimeZone, out var zone))
            throw new ScheduleException($"Time zone '{settings.TimeZone}' is unknown; give an IANA name such as 'UTC' or 'Europe/Berlin'.");
        return new DagSchedule([.. settings.Schedule.Select(text => Parse(text, zone))], zone);
    }

    /// <summary>The first instant after <paramref name="after"/> at which any of the expressions fires.</summary>
    /// <returns>Null when none ever fires again.</returns>
    public DateTimeOffset? NextAfter(DateTimeOffset after) =>
        expressions.Select(e => e.GetNextValidTimeAfter(after)).Where(t => t is not null).Min();

    /// <summary>The last instant at or before <paramref name="at"/> at which any of the expressions fires.</summary>
    public DateTimeOffset? LastUntil(DateTimeOffset at)
    {
        // Cron can only be asked forwards: look back over windows that grow until one holds a fire time.
        for (var window = TimeSpan.FromHours(1); window < TimeSpan.FromDays(366 * 9); window *= 4)
        {
            DateTimeOffset? last = null;
            for (var next = NextAfter(at - window); next is { } fire && fire <= at; next = NextAfter(fire))
                last = fire;
            if (last is not null)
                return last;
        }
        return null;
    }

    /// <summary>The newest interval that has ended by <paramref name="now"/>.</summary>
    public DataInterval? LastComplete(DateTimeOffset now) =>
        LastUntil(now) is { } end && LastUntil(end.AddTicks(-1)) is { } start ? new DataInterval(start, end) : null;

    /// <summary>Intervals in order, the first one starting at or after <paramref name="from"/>, ended by <paramref name="now"/>.</summary>
    public IEnumerable<DataInterval> Complete(DateTimeOffset from, DateTimeOffset now)
    {
        for (var start = NextAfter(from.AddTicks(-1)); start is { } begin && NextAfter(begin) is { } end && end <= now; start = end)
            yield return new DataInterval(begin, end);
    }

    private static CronExpression Parse(string text, TimeZoneInfo zone) =>
        CronText.TryParse(text, zone, out var expression, out var problem) ? expression : throw new ScheduleException($"Schedule {problem}. Allowed: {CronText.Allowed}.");
}
