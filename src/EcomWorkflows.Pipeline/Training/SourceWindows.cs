using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>The churn windows of a source's present events.</summary>
internal static class SourceWindows
{
    /// <param name="events">Table expression of <c>silver.events</c>.</param>
    /// <exception cref="TaskFailedException">There are no events, or too short a history.</exception>
    internal static ChurnWindows Read(DuckDbConnection duckdb, SourceMapping mapping, string events, CancellationToken cancellationToken)
    {
        (DateTimeOffset first, DateTimeOffset last) = Span(duckdb, mapping.Source, events, cancellationToken);
        return ChurnWindows.For(mapping, first, last);
    }

    /// <summary>Times of the first and the last event.</summary>
    /// <param name="events">Table expression of <c>silver.events</c>.</param>
    /// <exception cref="TaskFailedException">There are no events.</exception>
    internal static (DateTimeOffset First, DateTimeOffset Last) Span(DuckDbConnection duckdb, string source, string events, CancellationToken cancellationToken)
    {
        using DuckDbReader reader = duckdb.Query($"select min(event_time), max(event_time) from {events}", null, cancellationToken);
        if (!reader.Read() || reader.IsNull(0))
            throw new TaskFailedException($"There is no event of '{source}' left after validation, so nothing can be learned.", FailureCause.BadData, retryable: false);
        return (Utc(reader.Get<DateTime>(0)), Utc(reader.Get<DateTime>(1)));
    }

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
