using System.Runtime.InteropServices;
using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Features.Activity;

/// <summary>
/// Every event but returns, by customer in the order of their ids, of one customer by time. One pass over it gives what all customers had done before a moment, in a tenth of the
/// time that sorting and grouping by SQL take for each moment.
/// </summary>
/// <remarks>In memory: nine bytes for an event, some twenty for a customer; twice that while it is read.</remarks>
internal sealed class EventLog
{
    /// <summary>Changes when what is counted changes: then the feature views that hold it get a new version.</summary>
    public const string Logic = "events 1: sessions end after 30 minutes; products count once; what counts is before the as-of time";

    private const long SessionGap = 30 * 60_000_000L;

    /// <summary>Below this, looking through the products before is faster than a set of them.</summary>
    private const int FewEvents = 24;

    private readonly SequentialTexts customers;
    private readonly int[] starts;
    private readonly long[] times;
    private readonly EventTraits[] traits;

    private EventLog(SequentialTexts customers, int[] starts, long[] times, EventTraits[] traits) =>
        (this.customers, this.starts, this.times, this.traits) = (customers, starts, times, traits);

    public int Customers => customers.Count;

    /// <summary>Reads view <c>events</c>, or the customers of one of several parts of it.</summary>
    public static EventLog Read(DuckDbConnection duckDb, int part, int parts, CancellationToken cancellationToken)
    {
        var (customers, products) = (new TextCodes(), new TextCodes());
        var (customerOf, timeOf, restOf) = (new List<int>(), new List<long>(), new List<ulong>());
        using (var rows = duckDb.Query(
            $"""
            select
              customer_id,
              product_id,
              epoch_us(event_time),
              cast(case event_type when 'view' then {(byte)EventTraits.View} when 'seller_view' then {(byte)EventTraits.SellerView}
                when 'cart' then {(byte)EventTraits.Cart} when 'purchase' then {(byte)EventTraits.Purchase} else 0 end
                + case when is_activity then {(byte)EventTraits.Activity} else 0 end as bigint)
            from events
            where event_type <> 'return'
              and customer_id is not null
              and event_time is not null
              {(parts == 1 ? "" : $"and hash(customer_id) % {parts} = {part}")}
            """,
            ct: cancellationToken))
        {
            while (rows.NextChunk())
            {
                timeOf.AddRange(rows.Column<long>(2)[..rows.ChunkRows]);
                var kinds = rows.Column<long>(3);
                for (var row = 0; row < rows.ChunkRows; row++)
                {
                    rows.Read();
                    customerOf.Add(customers.CodeOf(rows.GetBytes(0)));
                    var product = rows.IsNull(1) ? 0 : KeyOf(rows.GetBytes(1), products);
                    restOf.Add((product << 8) | (ulong)kinds[row]);
                }
            }
        }
        return Arrange(customers, CollectionsMarshal.AsSpan(customerOf), CollectionsMarshal.AsSpan(timeOf), CollectionsMarshal.AsSpan(restOf));
    }

    /// <summary>Writes a row for each customer with activity before a moment, in the order of the customers' ids.</summary>
    /// <param name="cut">Microseconds since 1970.</param>
    /// <param name="rows">Takes the columns of <see cref="CustomerActivitySql.ActiveTable"/>.</param>
    public void Write(DuckDbRowWriter rows, long cut)
    {
        for (var customer = 0; customer < customers.Count; customer++)
        {
            var history = starts[customer]..starts[customer + 1];
            if (Count(times.AsSpan(history), traits.AsSpan(history), cut) is not { } counts)
                continue;
            rows.AppendValidUtf8(customers[customer]);
            rows.Append(counts.Events).Append(counts.Views).Append(counts.SellerViews).Append(counts.Carts).Append(counts.Purchases)
                .Append(counts.Views7Days).Append(counts.Views30Days).Append(counts.Events1Day).Append(counts.Events7Days).Append(counts.Events30Days)
                .Append(counts.Sessions).Append(counts.Products).Append(counts.First).Append(counts.Last);
            rows.EndRow();
        }
    }

    /// <summary>What one customer had done before a moment; null without activity.</summary>
    private static ActivityCounts? Count(ReadOnlySpan<long> times, ReadOnlySpan<EventTraits> traits, long cut)
    {
        const long Day = 86_400_000_000;
        var counts = default(ActivityCounts);
        var all = EventTraits.None;
        for (var i = 0; i < times.Length && times[i] < cut; i++)
        {
            var (own, age) = (traits[i], cut - times[i]);
            var view = Has(own, EventTraits.View);
            all |= own;
            counts.Events++;
            counts.Views += view;
            counts.SellerViews += Has(own, EventTraits.SellerView);
            counts.Carts += Has(own, EventTraits.Cart);
            counts.Purchases += Has(own, EventTraits.Purchase);
            counts.Sessions += Has(own, EventTraits.OpensSession);
            counts.Products += Has(own, EventTraits.NewProduct);
            counts.Last = times[i];
            if (age > 30 * Day)
                continue;
            counts.Events30Days++;
            counts.Views30Days += view;
            if (age > 7 * Day)
                continue;
            counts.Events7Days++;
            counts.Views7Days += view;
            if (age <= Day)
                counts.Events1Day++;
        }
        if ((all & EventTraits.Activity) == 0)
            return null;
        counts.First = times[0];
        return counts;
    }

    private static int Has(EventTraits own, EventTraits trait) => (own & trait) == 0 ? 0 : 1;

    private static EventLog Arrange(TextCodes customers, ReadOnlySpan<int> customerOf, ReadOnlySpan<long> timeOf, ReadOnlySpan<ulong> restOf)
    {
        var order = customers.InOrder();
        var rank = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
            rank[order[i]] = i;
        var starts = new int[order.Length + 1];
        foreach (var customer in customerOf)
            starts[rank[customer] + 1]++;
        for (var i = 0; i < order.Length; i++)
            starts[i + 1] += starts[i];
        var next = starts.AsSpan(0, order.Length).ToArray();
        var (times, rest) = (new long[timeOf.Length], new ulong[timeOf.Length]);
        for (var i = 0; i < customerOf.Length; i++)
        {
            var place = next[rank[customerOf[i]]]++;
            (times[place], rest[place]) = (timeOf[i], restOf[i]);
        }
        var traits = new EventTraits[times.Length];
        for (var i = 0; i < order.Length; i++)
        {
            var history = starts[i]..starts[i + 1];
            Relate(times.AsSpan(history), rest.AsSpan(history), traits.AsSpan(history));
        }
        return new EventLog(customers.In(order), starts, times, traits);
    }

    /// <summary>A number of 56 bits that tells a product from others, never 0: a short id itself, which has no zero at its ends; else the number it gets, which begins with one.</summary>
    private static ulong KeyOf(ReadOnlySpan<byte> product, TextCodes longer)
    {
        if (product.Length is 0 or > 7 || product[0] == 0 || product[^1] == 0)
            return (ulong)longer.CodeOf(product) + 1;
        var key = 0UL;
        foreach (var one in product)
            key = (key << 8) | one;
        return key << (8 * (7 - product.Length));
    }

    /// <summary>Sorts the events of one customer by time and finds what each was among those before it.</summary>
    /// <param name="rest">The product's key, 0 without a product, and below it in eight bits the traits the event has by itself.</param>
    private static void Relate(Span<long> times, Span<ulong> rest, Span<EventTraits> traits)
    {
        if (times.Length > 1)
            times.Sort(rest);
        var seen = times.Length > FewEvents ? new HashSet<ulong>() : null;
        for (var i = 0; i < times.Length; i++)
        {
            var product = rest[i] >> 8;
            traits[i] = (EventTraits)(byte)rest[i];
            if (i == 0 || times[i] - times[i - 1] > SessionGap)
                traits[i] |= EventTraits.OpensSession;
            if (product > 0 && (seen?.Add(product) ?? IsNew(rest[..i], product)))
                traits[i] |= EventTraits.NewProduct;
        }
    }

    private static bool IsNew(ReadOnlySpan<ulong> before, ulong product)
    {
        foreach (var one in before)
            if (one >> 8 == product)
                return false;
        return true;
    }
}
