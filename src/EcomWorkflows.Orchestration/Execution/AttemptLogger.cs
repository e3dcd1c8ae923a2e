using System.Text.Json;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>The logger a task gets: every message becomes a structured row of its attempt.</summary>
internal sealed class AttemptLogger(AttemptReporter reporter, long attemptId, string category, TimeProvider time) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Debug and < LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        var fields = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in state as IEnumerable<KeyValuePair<string, object?>> ?? [])
        {
            if (name != "{OriginalFormat}")
                fields[name] = Plain(value);
        }
        reporter.Log(new LogRow(
            attemptId, time.GetUtcNow(), Level(logLevel), category, formatter(state, exception),
            fields.Count > 0 ? JsonSerializer.Serialize(fields, TaskJson.Options) : null, exception?.ToString()));
    }

    private static object? Plain(object? value) => value switch
    {
        null or string or bool or int or long or double or float or decimal or DateTime or DateTimeOffset => value,
        _ => value.ToString(),
    };

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "critical",
    };
}
