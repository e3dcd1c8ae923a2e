using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>Which scheduled runs are missing now; semantics, section 6.</summary>
public static class DueRuns
{
    /// <summary>Runs created by one look at the most; the next one goes on where it stopped.</summary>
    public const int MaxPerLook = 100;

    /// <param name="free">Runs the DAG's <c>max_active_runs</c> has room for; the others wait to be created.</param>
    public static DueDecision Decide(DagSchedule schedule, DagSettings settings, SlotCursor cursor, DateTimeOffset now, int free)
    {
        if (Earliest(schedule, settings, cursor) is not { } earliest)
            return new DueDecision([], null);
        var until = settings.EndDate is { } end && end < now ? end : now;
        IReadOnlyList<DataInterval> missing = settings.Catchup
            ? [.. schedule.Complete(earliest, until).Take(Math.Min(free, MaxPerLook))]
            : schedule.LastComplete(until) is { } latest && latest.Start >= earliest ? [.. Enumerable.Repeat(latest, Math.Min(free, 1))] : [];
        var next = missing.Count > 0 ? schedule.After(missing[^1]) : schedule.FirstFrom(earliest);
        return new DueDecision(missing, next is { } slot && (settings.EndDate is not { } last || slot.End <= last) ? slot.End : null);
    }

    /// <summary>The start before which no slot may lie; null when the schedule never fires again.</summary>
    private static DateTimeOffset? Earliest(DagSchedule schedule, DagSettings settings, SlotCursor cursor)
    {
        var bounds = new List<DateTimeOffset>();
        if (settings.StartDate is { } start)
            bounds.Add(start);
        else if (EndingAfter(schedule, cursor.FirstImportedAt) is { } first)
            bounds.Add(first);
        else
            return null;
        if (cursor.Last is { } last)
            bounds.Add(last.End > last.Start ? last.End : last.End.AddTicks(1));
        // A schedule that was changed says nothing about the time before: what ended by then is a matter for a backfill.
        if (cursor.EffectiveFrom is { } changed)
        {
            if (EndingAfter(schedule, changed) is not { } sinceThen)
                return null;
            bounds.Add(sinceThen);
        }
        return bounds.Max();
    }

    /// <summary>Start of the first slot that ends after an instant.</summary>
    private static DateTimeOffset? EndingAfter(DagSchedule schedule, DateTimeOffset instant) =>
        schedule.Kind == ScheduleKind.Point ? schedule.NextAfter(instant) : schedule.LastUntil(instant) ?? schedule.NextAfter(instant);
}
