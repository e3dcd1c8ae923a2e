using System.Collections.Concurrent;

namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>When a time zone changes its offset; found by looking, because .NET's adjustment rules do not say it as instants.</summary>
internal sealed class ZoneTransitions
{
    /// <summary>No zone has changed its offset twice within this time.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromHours(12);

    private static readonly ConcurrentDictionary<string, ZoneTransitions> Known = new(StringComparer.Ordinal);

    private readonly TimeZoneInfo zone;
    private readonly ConcurrentDictionary<int, ZoneTransition[]> byYear = new();

    private ZoneTransitions(TimeZoneInfo zone) => this.zone = zone;

    public static ZoneTransitions Of(TimeZoneInfo zone) => Known.GetOrAdd(zone.Id, _ => new ZoneTransitions(zone));

    public TimeSpan OffsetAt(DateTimeOffset instant) => zone.GetUtcOffset(instant);

    /// <summary>The first change after an instant.</summary>
    /// <returns>Where none comes in this year and the next, a change to the same offset at the end of that time: something to go on from.</returns>
    public ZoneTransition NextAfter(DateTimeOffset instant)
    {
        var year = instant.UtcDateTime.Year;
        foreach (var transition in Year(year).Concat(Year(year + 1)))
        {
            if (transition.At > instant)
                return transition;
        }
        var horizon = new DateTimeOffset(year + 2, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return new ZoneTransition(horizon, OffsetAt(horizon), OffsetAt(horizon));
    }

    /// <summary>The last change at or before an instant; null where there was none in its year and the one before.</summary>
    public ZoneTransition? LastUntil(DateTimeOffset instant)
    {
        var year = instant.UtcDateTime.Year;
        foreach (var transition in Year(year).AsEnumerable().Reverse().Concat(Year(year - 1).AsEnumerable().Reverse()))
        {
            if (transition.At <= instant)
                return transition;
        }
        return null;
    }

    private ZoneTransition[] Year(int year) => byYear.GetOrAdd(year, Find);

    /// <summary>The changes of a year, in order.</summary>
    private ZoneTransition[] Find(int year)
    {
        var found = new List<ZoneTransition>();
        var end = new DateTimeOffset(year + 1, 1, 1, 0, 0, 0, TimeSpan.Zero);
        for (var from = new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero); from < end; from += Step)
        {
            var (before, after) = (OffsetAt(from), OffsetAt(from + Step));
            if (before != after)
                found.Add(new ZoneTransition(Bisect(from, from + Step, before), before, after));
        }
        return [.. found];
    }

    private DateTimeOffset Bisect(DateTimeOffset before, DateTimeOffset after, TimeSpan offsetBefore)
    {
        while (after - before > TimeSpan.FromSeconds(1))
        {
            var middle = before + TimeSpan.FromSeconds(Math.Floor((after - before).TotalSeconds / 2));
            if (OffsetAt(middle) == offsetBefore)
                before = middle;
            else
                after = middle;
        }
        return after;
    }
}
