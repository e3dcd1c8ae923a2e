using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Statistics;

namespace EcomWorkflows.Pipeline.Features.Activity;

/// <summary>
/// Every event but returns, by customer in the order of their ids, of one customer by time. One pass over it gives what all customers had done before a moment, in a tenth of the
/// time that sorting and grouping by SQL take for each moment.
/// </summary>
/// <remarks>In memory until it is disposed: nine bytes for an event; besides some thirty for a customer. While it is read, four times that.</remarks>
internal sealed class EventLog : IDisposable
{
    /// <summary>Changes when what is counted changes: then the feature views that hold it get a new version.</summary>
    public const string Logic = "events 1: sessions end after 30 minutes; products count once; what counts is before the as-of time";

    private const long SessionGap = 30 * 60_000_000L;

    private const long Day = 86_400_000_000;

    /// <summary>Up to so many, looking through the products before is faster than a set of them, and moving events to their place faster than sorting them.</summary>
    private const int FewEvents = 24;

    private readonly int[] starts;
    private readonly UnmanagedArray<long> times;
    private readonly UnmanagedArray<EventTraits> traits;

    private EventLog(SequentialTexts customers, int[] starts, UnmanagedArray<long> times, UnmanagedArray<EventTraits> traits) =>
        (Customers, this.starts, this.times, this.traits) = (customers, starts, times, traits);

    /// <summary>The customers' ids, in their order.</summary>
    public SequentialTexts Customers { get; }

    /// <summary>Reads view <c>events</c>, or the customers of one of several parts of it.</summary>
    /// <param name="expected">About how many events the whole view has.</param>
    public static EventLog Read(DuckDbConnection duckDb, int part, int parts, long expected, CancellationToken cancellationToken)
    {
        // The parts are not all of a size; one a little larger than the others has to grow no more than they.
        using var events = new EventRows((int)(expected / parts * 1.02) + 1024);
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
                events.Add(rows);
        }
        return Arrange(events);
    }

    /// <summary>Customers with activity before a moment.</summary>
    /// <param name="cut">Microseconds since 1970.</param>
    public int Active(long cut)
    {
        var active = 0;
        ReadOnlySpan<long> at = times.Items;
        ReadOnlySpan<EventTraits> are = traits.Items;
        for (var customer = 0; customer < Customers.Count; customer++)
        {
            for (var i = starts[customer]; i < starts[customer + 1] && at[i] < cut; i++)
            {
                if ((are[i] & EventTraits.Activity) == 0)
                    continue;
                active++;
                break;
            }
        }
        return active;
    }

    /// <summary>Counts what one customer had done before a moment.</summary>
    /// <returns>Whether there was activity.</returns>
    public bool Count(int customer, long cut, out ActivityCounts counts)
    {
        counts = default;
        var all = EventTraits.None;
        var (start, end) = (starts[customer], starts[customer + 1]);
        ReadOnlySpan<long> at = times.Items[start..end];
        ReadOnlySpan<EventTraits> are = traits.Items[start..end];
        for (var i = 0; i < at.Length && at[i] < cut; i++)
        {
            var (own, age) = (are[i], cut - at[i]);
            var view = Has(own, EventTraits.View);
            all |= own;
            counts.Events++;
            counts.Views += view;
            counts.SellerViews += Has(own, EventTraits.SellerView);
            counts.Carts += Has(own, EventTraits.Cart);
            counts.Purchases += Has(own, EventTraits.Purchase);
            counts.Sessions += Has(own, EventTraits.OpensSession);
            counts.Products += Has(own, EventTraits.NewProduct);
            counts.Last = at[i];
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
        counts.First = at.IsEmpty ? 0 : at[0];
        return (all & EventTraits.Activity) != 0;
    }

    public void Dispose()
    {
        times.Dispose();
        traits.Dispose();
    }

    private static int Has(EventTraits own, EventTraits trait) => (own & trait) == 0 ? 0 : 1;

    private static EventLog Arrange(EventRows events)
    {
        var (customers, order) = events.Ids.InOrder();
        var rank = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
            rank[order[i]] = i;
        var starts = new int[order.Length + 1];
        foreach (var customer in events.Customers)
            starts[rank[customer] + 1]++;
        for (var i = 0; i < order.Length; i++)
            starts[i + 1] += starts[i];
        var log = new EventLog(customers, starts, new UnmanagedArray<long>(events.Count), new UnmanagedArray<EventTraits>(events.Count));
        try
        {
            log.Take(events, rank);
            return log;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <param name="rank">Of each customer's code, the place in the order of the ids.</param>
    private void Take(EventRows events, int[] rank)
    {
        using var unrelated = new UnmanagedArray<ulong>(events.Count);
        Span<long> at = times.Items;
        Span<ulong> rest = unrelated.Items;
        Span<EventTraits> are = traits.Items;
        var customerOf = events.Customers;
        var timeOf = events.Times;
        var traitsOf = events.Traits;
        var next = starts.AsSpan(0, Customers.Count).ToArray();
        for (var i = 0; i < customerOf.Length; i++)
        {
            var place = next[rank[customerOf[i]]]++;
            at[place] = timeOf[i];
            rest[place] = traitsOf[i];
        }
        for (var i = 0; i < Customers.Count; i++)
        {
            var own = starts[i]..starts[i + 1];
            Relate(at[own], rest[own], are[own]);
        }
    }

    /// <summary>Sorts the events of one customer by time and finds what each was among those before it.</summary>
    /// <param name="rest">As <see cref="EventRows.Traits"/> has it.</param>
    private static void Relate(Span<long> times, Span<ulong> rest, Span<EventTraits> traits)
    {
        SortByTime(times, rest);
        var seen = times.Length > FewEvents ? new HashSet<ulong>() : null;
        for (var i = 0; i < times.Length; i++)
        {
            var product = rest[i] >> 8;
            traits[i] = (EventTraits)(byte)rest[i];
            if (i == 0 || times[i] - times[i - 1] > SessionGap)
                traits[i] |= EventTraits.OpensSession;
            if (product > 0 && (seen?.Add(product) ?? IsNew(rest, i)))
                traits[i] |= EventTraits.NewProduct;
        }
    }

    private static void SortByTime(Span<long> times, Span<ulong> rest)
    {
        if (times.Length > FewEvents)
        {
            times.Sort(rest);
            return;
        }
        for (var i = 1; i < times.Length; i++)
        {
            var (time, one) = (times[i], rest[i]);
            var place = i;
            for (; place > 0 && times[place - 1] > time; place--)
            {
                times[place] = times[place - 1];
                rest[place] = rest[place - 1];
            }
            times[place] = time;
            rest[place] = one;
        }
    }

    /// <summary>Whether none of the events before this one has its product.</summary>
    private static bool IsNew(ReadOnlySpan<ulong> rest, int place)
    {
        for (var i = 0; i < place; i++)
            if (rest[i] >> 8 == rest[place] >> 8)
                return false;
        return true;
    }
}
