using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Orchestration.Tests.Outages;

/// <summary>All that a program says from warnings on, as its console shows it: category and message.</summary>
internal class WholeLog : ILoggerProvider
{
    private readonly ConcurrentQueue<string> lines = new();

    public IReadOnlyList<string> Lines => [.. lines];

    public ILogger CreateLogger(string categoryName) => new Part(categoryName, lines);

    public void Dispose()
    {
    }

    private sealed class Part(string category, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{category}: {formatter(state, exception)} {exception}");
    }
}
