using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Features.Activity;

/// <summary>Writes what the customers of event logs, each customer in one of them, had done before a moment.</summary>
/// <param name="cut">Microseconds since 1970.</param>
internal sealed class ActivityWriter(IReadOnlyList<EventLog> logs, long cut)
{
    // Of each log, the customer it goes on with.
    private readonly int[] next = new int[logs.Count];

    /// <summary>Writes a row for each customer with activity before the moment, in the order of the customers' ids.</summary>
    /// <param name="rows">Takes the columns of <see cref="CustomerActivitySql.ActiveTable"/>.</param>
    public void Write(DuckDbRowWriter rows)
    {
        while (WriteChunk(rows))
        {
        }
    }

    /// <returns>Whether there may be more.</returns>
    private bool WriteChunk(DuckDbRowWriter rows)
    {
        var (room, written) = (rows.Room, 0);
        var ids = rows.Column(0);
        Span<long> events = Counts(1), views = Counts(2), sellerViews = Counts(3), carts = Counts(4), purchases = Counts(5);
        Span<long> views7 = Counts(6), views30 = Counts(7), events1 = Counts(8), events7 = Counts(9), events30 = Counts(10);
        Span<long> sessions = Counts(11), products = Counts(12), first = Counts(13), last = Counts(14);
        while (written < room && Next() is { } log)
        {
            var customer = next[log]++;
            if (!logs[log].Count(customer, cut, out var counts))
                continue;
            ids.ValidUtf8(written, logs[log].Id(customer));
            (events[written], views[written], sellerViews[written], carts[written], purchases[written]) = (counts.Events, counts.Views, counts.SellerViews, counts.Carts, counts.Purchases);
            (views7[written], views30[written], events1[written], events7[written], events30[written]) =
                (counts.Views7Days, counts.Views30Days, counts.Events1Day, counts.Events7Days, counts.Events30Days);
            (sessions[written], products[written], first[written], last[written]) = (counts.Sessions, counts.Products, counts.First, counts.Last);
            written++;
        }
        rows.EndRows(written);
        return written == room;

        Span<long> Counts(int column) => rows.Column(column).BigInts();
    }

    /// <summary>The log with the next id; null at the end.</summary>
    private int? Next()
    {
        int? least = null;
        for (var log = 0; log < next.Length; log++)
        {
            if (next[log] < logs[log].Customers && (least is not { } other || logs[log].Id(next[log]).SequenceCompareTo(logs[other].Id(next[other])) < 0))
                least = log;
        }
        return least;
    }
}
