using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Features.Activity;

/// <summary>Writes what the customers of event logs had done before a moment.</summary>
/// <param name="cut">Microseconds since 1970.</param>
internal sealed class ActivityWriter(EventLogs logs, long cut)
{
    private readonly EventLogs.Cursor customers = logs.InOrder();

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
        Span<double> events = Counts(1), views = Counts(2), sellerViews = Counts(3), carts = Counts(4), purchases = Counts(5);
        Span<double> views7 = Counts(6), views30 = Counts(7), events1 = Counts(8), events7 = Counts(9), events30 = Counts(10);
        Span<double> sessions = Counts(11), products = Counts(12);
        Span<long> first = rows.Column(13).BigInts(), last = rows.Column(14).BigInts();
        while (written < room && customers.Next(out var log, out var customer))
        {
            if (!log.Count(customer, cut, out var counts))
                continue;
            ids.ValidUtf8(written, log.Customers[customer]);
            (events[written], views[written], sellerViews[written], carts[written], purchases[written]) = (counts.Events, counts.Views, counts.SellerViews, counts.Carts, counts.Purchases);
            (views7[written], views30[written], events1[written], events7[written], events30[written]) =
                (counts.Views7Days, counts.Views30Days, counts.Events1Day, counts.Events7Days, counts.Events30Days);
            (sessions[written], products[written], first[written], last[written]) = (counts.Sessions, counts.Products, counts.First, counts.Last);
            written++;
        }
        rows.EndRows(written);
        return written == room;

        Span<double> Counts(int column) => rows.Column(column).Doubles();
    }
}
