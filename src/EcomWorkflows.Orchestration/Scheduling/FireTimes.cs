namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>When one expression of a schedule fires.</summary>
internal abstract class FireTimes
{
    /// <summary>How far <see cref="LastUntil"/> looks back: the 29th of February comes after eight years at the latest.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromDays(366 * 9);

    /// <summary>The first fire time after an instant; null when none comes.</summary>
    public abstract DateTimeOffset? NextAfter(DateTimeOffset after);

    /// <summary>The last fire time at or before an instant; null where there was none.</summary>
    public virtual DateTimeOffset? LastUntil(DateTimeOffset at)
    {
        // Cron can only be asked forwards: look back over windows that grow until one holds a fire time.
        for (var window = TimeSpan.FromHours(1); window < Memory * 4; window *= 4)
        {
            DateTimeOffset? last = null;
            for (var next = NextAfter(at - window); next is { } fire && fire <= at; next = NextAfter(fire))
                last = fire;
            if (last is not null)
                return last;
        }
        return null;
    }

    /// <summary>What is special about the way to a fire time: times that were skipped, shifted or came twice; null where nothing is.</summary>
    public virtual string? Note(DateTimeOffset previous, DateTimeOffset fire) => null;
}
