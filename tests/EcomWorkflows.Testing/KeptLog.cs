using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Testing;

/// <summary>A log that a test reads.</summary>
public sealed class KeptLog<T> : ILogger<T>
{
    private readonly ConcurrentQueue<string> lines = new();
    private readonly ConcurrentQueue<Exception> exceptions = new();

    public IReadOnlyList<string> Lines => [.. lines];

    public IReadOnlyList<Exception> Exceptions => [.. exceptions];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lines.Enqueue(formatter(state, exception));
        if (exception is not null)
            exceptions.Enqueue(exception);
    }
}
