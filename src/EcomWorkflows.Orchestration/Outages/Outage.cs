namespace EcomWorkflows.Orchestration.Outages;

/// <summary>Decides when to say what of something that fails at each try and is tried again: once when it is lost, now and then while it stays away, once when it is back.</summary>
/// <remarks>Times are those of a clock that is not set, from any beginning.</remarks>
internal sealed class Outage
{
    /// <summary>Between two lines while it stays away.</summary>
    public static readonly TimeSpan Reminder = TimeSpan.FromMinutes(1);

    /// <summary>It is back when it has worked for so long without a failure: who comes and goes is away.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    private TimeSpan? lost;
    private TimeSpan told;
    private TimeSpan? answered;

    public bool IsAway => lost is not null;

    public (OutageNews News, TimeSpan Away) Failed(TimeSpan now)
    {
        answered = null;
        if (lost is not { } since)
        {
            (lost, told) = (now, now);
            return (OutageNews.Lost, TimeSpan.Zero);
        }
        if (now - told < Reminder)
            return (OutageNews.None, now - since);
        told = now;
        return (OutageNews.StillAway, now - since);
    }

    /// <returns>Away is the time from the first failure to the first success after the last one.</returns>
    public (OutageNews News, TimeSpan Away) Worked(TimeSpan now)
    {
        if (lost is not { } since)
            return (OutageNews.None, TimeSpan.Zero);
        answered ??= now;
        var away = answered.Value - since;
        if (now - answered < Settling)
            return (OutageNews.None, away);
        (lost, answered) = (null, null);
        return (OutageNews.Back, away);
    }
}
