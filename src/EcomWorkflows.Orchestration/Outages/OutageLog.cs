using EcomWorkflows.Orchestration.Storage;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Orchestration.Outages;

/// <summary>
/// Says for all loops of the program that what they try again and again does not work, so that the log does not grow with each try. The database is one thing,
/// whichever loop misses it; any other failure is the loop's own.
/// </summary>
public sealed class OutageLog(TimeProvider time, ILogger<OutageLog> logger)
{
    private readonly Lock telling = new();
    private readonly long begin = time.GetTimestamp();
    private readonly Outage database = new();
    private readonly Dictionary<string, Outage> own = new(StringComparer.Ordinal);

    /// <param name="what">The loop, in words that begin a sentence.</param>
    /// <param name="failure">Why it did not work.</param>
    public void Failed(string what, Exception failure)
    {
        lock (telling)
        {
            if (OrchestrationDatabase.IsAway(failure))
            {
                TellOfDatabase(database.Failed(time.GetElapsedTime(begin)), failure.Message.TrimEnd('.'));
                return;
            }
            if (!own.TryGetValue(what, out var outage))
                own[what] = outage = new Outage();
            TellOf(what, outage.Failed(time.GetElapsedTime(begin)), failure.Message);
        }
    }

    /// <summary>The loop did what it does, and the database answered it.</summary>
    /// <param name="what">As given to <see cref="Failed"/>.</param>
    public void Worked(string what)
    {
        lock (telling)
        {
            if (database.IsAway)
                TellOfDatabase(database.Worked(time.GetElapsedTime(begin)), "");
            if (own.TryGetValue(what, out var outage) && outage.IsAway)
                TellOf(what, outage.Worked(time.GetElapsedTime(begin)), "");
        }
    }

    private void TellOfDatabase((OutageNews News, TimeSpan Away) outage, string reason)
    {
        switch (outage.News)
        {
            case OutageNews.Lost:
                logger.LogWarning(
                    "The connection to the database is lost: {Reason}. Running tasks go on, their outcomes and logs wait in memory, nothing new is started; it is tried again every second",
                    reason);
                break;
            case OutageNews.StillAway:
                logger.LogWarning("The database has been away for {Away} and is tried again every second: {Reason}", InSeconds(outage.Away), reason);
                break;
            case OutageNews.Back:
                logger.LogWarning("The database answers again; it was away for {Away}", InSeconds(outage.Away));
                break;
        }
    }

    private void TellOf(string what, (OutageNews News, TimeSpan Away) outage, string reason)
    {
        switch (outage.News)
        {
            case OutageNews.Lost:
                logger.LogWarning("{What} failed and is tried again: {Reason}", what, reason);
                break;
            case OutageNews.StillAway:
                logger.LogWarning("{What} has been failing for {Away} and is tried again: {Reason}", what, InSeconds(outage.Away), reason);
                break;
            case OutageNews.Back:
                logger.LogWarning("{What} works again, after {Away}", what, InSeconds(outage.Away));
                break;
        }
    }

    private static TimeSpan InSeconds(TimeSpan time) => TimeSpan.FromSeconds(Math.Ceiling(time.TotalSeconds));
}
