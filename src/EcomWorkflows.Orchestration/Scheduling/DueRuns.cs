namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>Which scheduled runs are missing now; semantics, section 6.</summary>
public static class DueRuns
{
    /// <summary>Runs created by one tick at the most; the next tick goes on where this one stopped.</summary>
    public const int MaxPerTick = 100;

    /// <param name="lastLogicalDate">Logical date of the newest scheduled run; null where there is none.</param>
    /// <param name="startDate">The DAG's start date; null means from its first import on: a new DAG creates no runs for the past by itself.</param>
    public static IReadOnlyList<DataInterval> Decide(
        DagSchedule schedule, bool catchup, DateTimeOffset? startDate, DateTimeOffset? endDate, DateTimeOffset firstImportedAt,
        DateTimeOffset? lastLogicalDate, DateTimeOffset now)
    {
        var until = endDate is { } end && end < now ? end : now;
        var earliest = startDate ?? schedule.LastUntil(firstImportedAt) ?? firstImportedAt;
        if (lastLogicalDate is { } last && last.AddTicks(1) > earliest)
            earliest = last.AddTicks(1);
        if (catchup)
            return [.. schedule.Complete(earliest, until).Take(MaxPerTick)];
        return schedule.LastComplete(until) is { } latest && latest.Start >= earliest && (startDate is not null || latest.End > firstImportedAt) ? [latest] : [];
    }
}
