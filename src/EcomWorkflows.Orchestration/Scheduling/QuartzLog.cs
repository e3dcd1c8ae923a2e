using EcomWorkflows.Orchestration.Outages;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>
/// Takes all that Quartz says. That the database is away is told by <see cref="OutageLog"/>, for Quartz as for every loop; any other problem is passed on with the
/// place it comes from and its exception.
/// </summary>
/// <param name="outages">Asked for when there is something to tell: it has a log itself.</param>
/// <param name="log">What is not the database's absence.</param>
internal sealed class QuartzLog(Func<OutageLog> outages, Func<ILogger<QuartzLog>> log) : ILoggerProvider
{
    private const string Root = "Quartz";

    public ILogger CreateLogger(string categoryName) =>
        categoryName == Root || categoryName.StartsWith(Root + ".", StringComparison.Ordinal) ? new Part(categoryName, outages, log) : NullLogger.Instance;

    public void Dispose()
    {
    }

    /// <summary>Sends Quartz's messages here and nowhere else.</summary>
    public static void Take(ILoggingBuilder logging)
    {
        logging.AddFilter(Root, LogLevel.None);
        logging.AddFilter<QuartzLog>(Root, LogLevel.Warning);
        // Its warnings are about what is meant to be so: a program that was killed is nothing unusual.
        logging.AddFilter<QuartzLog>($"{Root}.Impl.AdoJobStore", LogLevel.Error);
    }

    /// <summary>What says that the database is away, however deep in what Quartz makes of it; null for any other failure.</summary>
    internal static Exception? FindOutage(Exception? failure)
    {
        while (failure is not null && !OrchestrationDatabase.IsAway(failure))
            failure = failure.InnerException;
        return failure;
    }

    private sealed class Part(string category, Func<OutageLog> outages, Func<ILogger<QuartzLog>> log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            if (FindOutage(exception) is { } outage)
                outages().Failed("The scheduler", outage);
            else
                log().Log(logLevel, eventId, exception, "{Category}: {Message}", category, formatter(state, exception));
        }
    }
}
