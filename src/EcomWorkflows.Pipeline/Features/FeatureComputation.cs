using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features.Activity;
using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Computes the customer activity view from one DuckDB database's view <c>events</c> and table <c>customers</c>.</summary>
/// <param name="threads">Threads the log is read by, and about as many as-of times are computed side by side.</param>
internal sealed class FeatureComputation(DuckDbConnection duckDb, IReadOnlyList<FeatureDefinition> features, int threads, CancellationToken cancellationToken) : IDisposable
{
    /// <summary>Of more events, only the customers of one part are in memory at a time.</summary>
    private const long EventsInMemory = 10_000_000;

    private long events;
    private int parts = 1;

    // Read once where one part is everything: the customers of each in the memory of one thread, to be read side by side.
    private EventLogs? logs;

    /// <summary>Makes silver readable.</summary>
    /// <param name="eventsScan">Table expression of silver events; likewise <paramref name="customersScan"/>.</param>
    /// <returns>Time of the first and the last event.</returns>
    /// <exception cref="TaskFailedException">There are no events.</exception>
    public (DateTimeOffset First, DateTimeOffset Last) Load(string source, string eventsScan, string customersScan)
    {
        // A customer without a country has nothing to tell: joining finds none, which is the same.
        duckDb.Execute(
            $"""
            create view events as
            select *
            from {eventsScan};

            create table customers as
            select customer_id, home_country
            from {customersScan}
            where home_country is not null
              and {(features.Any(f => f.Group == CustomerActivityFeatures.Profile) ? "true" : "false")}
            """,
            ct: cancellationToken);
        (var first, var last, events) = duckDb.QueryRows(
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

    /// <summary>Prepares the events; before <see cref="ComputeAsync"/>.</summary>
    public void Prepare()
    {
        duckDb.Execute(CustomerActivitySql.Events(features), ct: cancellationToken);
        duckDb.Execute(CustomerActivitySql.ActiveDefinition, ct: cancellationToken);
        duckDb.Execute(CustomerActivitySql.RowsDefinition(features), ct: cancellationToken);
        // From here on each part and each time has a thread of its own; DuckDB's would keep a core busy waiting for them.
        duckDb.Execute("set threads = 1", ct: cancellationToken);
        if (parts > 1)
            return;
        var read = new EventLog?[Math.Clamp(threads, 1, EventLogs.Most)];
        try
        {
            Parallel.For(0, read.Length, new ParallelOptions { MaxDegreeOfParallelism = read.Length, CancellationToken = cancellationToken }, part =>
            {
                using var own = duckDb.Duplicate();
                read[part] = EventLog.Read(own, part, read.Length, events, cancellationToken);
            });
            logs = new EventLogs(read!);
        }
        catch
        {
            Array.ForEach(read, log => log?.Dispose());
            throw;
        }
    }

    /// <summary>Once after <see cref="Prepare"/>: writes the rows of each as-of time into a file of its own, in the order of the customers' ids where their events are in memory together.</summary>
    /// <param name="createdAt">When these values became known.</param>
    /// <param name="online">Where the rows of the last time are written for the online store, too; null for nowhere.</param>
    /// <param name="keep">Called for each of the files with its time, path and rows.</param>
    public async Task<IReadOnlyList<ComputedRows>> ComputeAsync(
        IReadOnlyList<DateTimeOffset> asOfs, DateTimeOffset createdAt, Func<DateTimeOffset, string> pathOf, string? online, Func<DateTimeOffset, string, long, CancellationToken, Task<LakeFile>> keep)
    {
        var computed = new ComputedRows[asOfs.Count];
        // Where the log is read again for each time, the memory is for one of them. The last time has the most customers: it begins. One more than threads, so that none is alone at the end.
        var sideBySide = new ParallelOptions { MaxDegreeOfParallelism = logs is null ? 1 : Math.Max(1, threads) + 1, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(asOfs.Index().Reverse(), sideBySide, async (time, ct) =>
        {
            using var file = online is not null && time.Index == asOfs.Count - 1 ? new OnlineRowFile(online, features.Count, time.Item) : null;
            // Each on a thread of its own: it works until it is done, and the pool would let the last one wait for half a second.
            var (describer, path) = (new FeatureDescriber(features), pathOf(time.Item));
            var rows = await Task.Factory.StartNew(
                () => ComputeAt($"active_{time.Index}", time.Item, createdAt, path, describer, file), ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            file?.Complete();
            var describing = Task.Run(() => describer.Describe(rows), ct);
            var keeping = keep(time.Item, path, rows, ct);
            await Task.WhenAll(describing, keeping);
            computed[time.Index] = new ComputedRows(new FeatureRows(time.Item, path, rows, await describing), await keeping);
        });
        // The customers' ids were most of the heap, and the memory of what comes next is not the heap's to use: it goes back to the system now.
        Dispose();
        logs = null;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return computed;
    }

    public void Dispose() => logs?.Dispose();

    /// <param name="active">What the counts of this time are called.</param>
    /// <returns>How many rows there are.</returns>
    private long ComputeAt(string active, DateTimeOffset asOf, DateTimeOffset createdAt, string path, FeatureDescriber describer, OnlineRowFile? online)
    {
        using var source = duckDb.Duplicate();
        using var target = duckDb.Duplicate();
        var cut = (asOf - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        var expected = logs?.Active(cut) ?? EventsInMemory;
        var every = FeatureDescriber.SampledOf(expected);
        return source.RunOver(active, CustomerActivitySql.ActiveTable, expected, counts => Count(cut, counts), () =>
        {
            using var computed = source.Query(
                CustomerActivitySql.Rows(features, active, every), new { as_of = asOf.UtcDateTime, created_timestamp = createdAt.UtcDateTime }, cancellationToken);
            return target.ExecuteOver(
                $"{active}_rows", CustomerActivitySql.RowsTable, expected, packed => Pass(computed, packed),
                $"copy (from {active}_rows()) to {DuckDbSql.Literal(path)} {ParquetFormat.Options}", ct: cancellationToken);
        });

        // Every row is looked at while it is in the processor's cache.
        void Pass(DuckDbReader computed, DuckDbRowStream packed)
        {
            while (computed.NextChunk())
            {
                describer.Add(computed, CustomerActivitySql.FirstFeature, CustomerActivitySql.FirstFeature + features.Count);
                online?.Add(computed, key: 0, CustomerActivitySql.FirstFeature);
                packed.Pass(computed);
            }
        }
    }

    private void Count(long cut, DuckDbRowWriter counts)
    {
        if (logs is not null)
        {
            new ActivityWriter(logs, cut).Write(counts);
            return;
        }
        using var own = duckDb.Duplicate();
        for (var part = 0; part < parts; part++)
        {
            using var log = new EventLogs(EventLog.Read(own, part, parts, events, cancellationToken));
            new ActivityWriter(log, cut).Write(counts);
        }
    }

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc), TimeSpan.Zero);
}
