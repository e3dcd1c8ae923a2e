using EcomWorkflows.Orchestration.Dags;
using Quartz;

namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>
/// A cron expression in a time zone under a stated policy for the days clocks change. Quartz only matches wall-clock times (it is asked in UTC); which instants
/// those are is decided here.
/// </summary>
/// <param name="expression">Read in UTC: its instants are wall-clock readings.</param>
/// <param name="isEveryHour">The hour field is <c>*</c>: it runs in elapsed time, so nothing is shifted and both halves of a repeated hour fire.</param>
internal sealed class CronTimes(CronExpression expression, TimeZoneInfo zone, bool isEveryHour, SkippedTime skipped, RepeatedTime repeated) : FireTimes
{
    private readonly ZoneTransitions transitions = ZoneTransitions.Of(zone);

    public override DateTimeOffset? NextAfter(DateTimeOffset after)
    {
        var cursor = after.ToUniversalTime();
        var previous = transitions.LastUntil(cursor);
        while (true)
        {
            var offset = transitions.OffsetAt(cursor);
            var next = transitions.NextAfter(cursor);
            var reading = NextReading(cursor.UtcDateTime + offset);
            while (reading is { } time && time - offset < next.At.UtcDateTime)
            {
                if (Counts(time, previous, next))
                    return Instant(time, offset);
                reading = NextReading(time);
            }
            if (reading is null)
                return null;
            if (FiresAt(next))
                return next.At;
            (cursor, previous) = (next.At, next);
        }
    }

    public override string? Note(DateTimeOffset previous, DateTimeOffset fire)
    {
        if (isEveryHour)
            return null;
        var notes = new List<string>();
        for (var change = transitions.NextAfter(previous); change.At <= fire; change = transitions.NextAfter(change.At))
        {
            if (change.IsGap && NextReading(change.GapStart.AddTicks(-1)) is { } missing && missing < change.GapEnd)
                notes.Add($"{missing:HH:mm} does not exist on {missing:yyyy-MM-dd}: {(skipped == SkippedTime.Shift ? $"shifted to {change.GapEnd:HH:mm}" : "skipped")}");
        }
        var around = transitions.LastUntil(fire) is { IsOverlap: true } last && fire.UtcDateTime + last.After < last.GapStart ? "second"
            : transitions.NextAfter(fire) is { IsOverlap: true } coming && fire.UtcDateTime + coming.Before >= coming.GapEnd ? "first" : null;
        if (around is not null && expression.IsSatisfiedBy(Reading(fire)))
            notes.Add($"{Reading(fire):HH:mm} comes twice on {Reading(fire):yyyy-MM-dd}: this is the {around}");
        return notes.Count == 0 ? null : string.Join("; ", notes);
    }

    /// <summary>Whether the reading, which exists, is one of those that fire: not the half of a repeated hour that the policy leaves out.</summary>
    private bool Counts(DateTime reading, ZoneTransition? previous, ZoneTransition next) => isEveryHour || repeated switch
    {
        RepeatedTime.First => previous is not { IsOverlap: true } passed || reading >= passed.GapStart,
        RepeatedTime.Last => !next.IsOverlap || reading < next.GapEnd,
        _ => true,
    };

    /// <summary>Whether it fires at the very instant of a change: by its new reading, or in place of one that does not exist.</summary>
    private bool FiresAt(ZoneTransition change)
    {
        if (expression.IsSatisfiedBy(new DateTimeOffset(change.GapEnd, TimeSpan.Zero)) && (isEveryHour || !change.IsOverlap || repeated != RepeatedTime.First))
            return true;
        return change.IsGap && !isEveryHour && skipped == SkippedTime.Shift && NextReading(change.GapStart.AddTicks(-1)) is { } missing && missing < change.GapEnd;
    }

    private DateTimeOffset Reading(DateTimeOffset instant) => new(instant.UtcDateTime + transitions.OffsetAt(instant), TimeSpan.Zero);

    private DateTime? NextReading(DateTime after) => expression.GetNextValidTimeAfter(new DateTimeOffset(DateTime.SpecifyKind(after, DateTimeKind.Utc)))?.UtcDateTime;

    private static DateTimeOffset Instant(DateTime reading, TimeSpan offset) => new(DateTime.SpecifyKind(reading - offset, DateTimeKind.Utc));
}
