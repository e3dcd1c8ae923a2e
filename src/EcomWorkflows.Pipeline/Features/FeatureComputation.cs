using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features.Activity;
using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Computes the customer activity view from one DuckDB connection's view <c>events</c> and table <c>customers</c>.</summary>
/// <param name="threads">As-of times computed side by side.</param>
internal sealed class FeatureComputation(DuckDbConnection duckDb, IReadOnlyList<FeatureDefinition> features, int threads, CancellationToken cancellationToken)
{
    /// <summary>Of more events, only the customers of one part are in memory at a time.</summary>
    private const long EventsInMemory = 10_000_000;

    private int parts = 1;

    // Read once where one part is everything.
    private EventLog? log;

    /// <summary>Makes silver readable.</summary>
    /// <param name="eventsScan">Table expression of silver events; likewise <paramref name="customersScan"/>.</param>
    /// <returns>Time of the first and the last event.</returns>
    /// <exception cref="TaskFailedException">There are no events.</exception>
    public (DateTimeOffset First, DateTimeOffset Last) Load(string source, string eventsScan, string customersScan)
    {
        duckDb.Execute(
            $"""
            create temp view events as
            select *
            from {eventsScan};

            create table customers as
            select customer_id, home_country
            from {customersScan}
            where {(features.Any(f => f.Group == CustomerActivityFeatures.Profile) ? "true" : "false")}
            """,
            ct: cancellationToken);
        var (first, last, events) = duckDb.QueryRows(
            """
            select min(event_time), max(event_time), count(*)
            from events
            """,
            row => (row.Get<DateTime?>(0), row.Get<DateTime?>(1), row.Get<long>(2)), ct: cancellationToken)[0];
        if (first is null || last is null)
            throw new TaskFailedException(
                $"silver.{source}.events is empty: there is nothing to compute features from. Look at the reports of validation and preparation for where the rows went.",
                FailureCause.BadData, retryable: false);
        parts = (int)(1 + ((events - 1) / EventsInMemory));
        return (Utc(first.Value), Utc(last.Value));
    }

    /// <summary>Prepares the events; before <see cref="Compute"/>.</summary>
    public void Prepare()
    {
        duckDb.Execute(CustomerActivitySql.Events(features), ct: cancellationToken);
        duckDb.Execute(CustomerActivitySql.ActiveDefinition, ct: cancellationToken);
        if (parts == 1)
            log = EventLog.Read(duckDb, part: 0, parts, cancellationToken);
    }

    /// <summary>Writes the rows of each as-of time into a file of its own, in the order of the customers' ids where their events are in memory together.</summary>
    /// <param name="createdAt">When these values became known.</param>
    /// <param name="computed">Called after each of the times.</param>
    public IReadOnlyList<FeatureRows> Compute(IReadOnlyList<DateTimeOffset> asOfs, DateTimeOffset createdAt, Func<DateTimeOffset, string> pathOf, Action<DateTimeOffset> computed)
    {
        var rows = new FeatureRows[asOfs.Count];
        // Each time has a thread of its own; DuckDB's would keep a core busy waiting for the rows written meanwhile.
        duckDb.Execute("set threads = 1", ct: cancellationToken);
        // Where the log is read again for each time, the memory is for one of them.
        var sideBySide = new ParallelOptions { MaxDegreeOfParallelism = log is null ? 1 : threads, CancellationToken = cancellationToken };
        Parallel.ForEachAsync(asOfs.Index(), sideBySide, (time, _) =>
        {
            rows[time.Index] = ComputeAt($"active_{time.Index}", time.Item, createdAt, pathOf(time.Item));
            computed(time.Item);
            return ValueTask.CompletedTask;
        }).GetAwaiter().GetResult();
        // The log was most of the heap, and DuckDB's memory in the next task is not the heap's to use: it goes back to the system now.
        log = null;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return rows;
    }

    /// <summary>Rows for the online store: the key, then the features.</summary>
    public DuckDbReader Read(string path) =>
        duckDb.Query(
            $"""
            select customer_id, {string.Join(", ", features.Select(f => f.Name))}
            from read_parquet({DuckDbSql.Literal(path)})
            """,
            ct: cancellationToken);

    /// <param name="active">What the counts of this time are called.</param>
    private FeatureRows ComputeAt(string active, DateTimeOffset asOf, DateTimeOffset createdAt, string path)
    {
        using var own = duckDb.Duplicate();
        var rows = own.ExecuteOver(
            active, CustomerActivitySql.ActiveTable, log?.Customers ?? EventsInMemory, counts => Count(asOf, counts),
            $"""
            copy (
            {CustomerActivitySql.Rows(features, active)}
            ) to {DuckDbSql.Literal(path)} {ParquetFormat.Options}
            """,
            new { as_of = asOf.UtcDateTime, created_timestamp = createdAt.UtcDateTime }, cancellationToken);
        return new FeatureRows(asOf, path, rows, FeatureDescriber.Describe(own, features, $"read_parquet({DuckDbSql.Literal(path)})", "customer_id", rows, cancellationToken));
    }

    private void Count(DateTimeOffset asOf, DuckDbRowWriter counts)
    {
        var cut = (asOf - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        if (log is not null)
        {
            log.Write(counts, cut);
            return;
        }
        for (var part = 0; part < parts; part++)
            EventLog.Read(duckDb, part, parts, cancellationToken).Write(counts, cut);
    }

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc), TimeSpan.Zero);
}
