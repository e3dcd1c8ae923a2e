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

    private const long Day = 86_400_000_000;

    /// <summary>Up to so many, looking through the products before is faster than a set of them, and moving events to their place faster than sorting them.</summary>
    private const int FewEvents = 24;

    private readonly SequentialTexts customers;
    private readonly int[] starts;
    private readonly long[] times;
    private readonly EventTraits[] traits;

    private EventLog(SequentialTexts customers, int[] starts, long[] times, EventTraits[] traits) =>
        (this.customers, this.starts, this.times, this.traits) = (customers, starts, times, traits);

    public int Customers => customers.Count;

    /// <summary>Reads view <c>events</c>, or the customers of one of several parts of it.</summary>
    /// <param name="expected">About how many events the whole view has.</param>
    public static EventLog Read(DuckDbConnection duckDb, int part, int parts, long expected, CancellationToken cancellationToken)
    {
        // The parts are not all of a size; one a little larger than the others has to grow no more than they.
        var events = new EventRows((int)(expected / parts * 1.02) + 1024);
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

    /// <summary>The id of a customer, counted in the order of the ids.</summary>
    public ReadOnlySpan<byte> Id(int customer) => customers[customer];

    /// <summary>Customers with activity before a moment.</summary>
    /// <param name="cut">Microseconds since 1970.</param>
    public int Active(long cut)
    {
        var active = 0;
        for (var customer = 0; customer < customers.Count; customer++)
        {
            for (var i = starts[customer]; i < starts[customer + 1] && times[i] < cut; i++)
            {
                if ((traits[i] & EventTraits.Activity) == 0)
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
        for (var i = start; i < end && times[i] < cut; i++)
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
        counts.First = start < end ? times[start] : 0;
        return (all & EventTraits.Activity) != 0;
    }

    private static int Has(EventTraits own, EventTraits trait) => (own & trait) == 0 ? 0 : 1;

    private static EventLog Arrange(EventRows events)
    {
        var order = events.Ids.InOrder();
        var rank = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
            rank[order[i]] = i;
        var customerOf = events.Customers;
        var timeOf = events.Times;
        var traitsOf = events.Traits;
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
            times[place] = timeOf[i];
            rest[place] = traitsOf[i];
        }
        var traits = new EventTraits[times.Length];
        for (var i = 0; i < order.Length; i++)
            Relate(times, rest, traits, starts[i], starts[i + 1]);
        return new EventLog(events.Ids.In(order), starts, times, traits);
    }

    /// <summary>Sorts the events of one customer by time and finds what each was among those before it.</summary>
    /// <param name="rest">As <see cref="EventRows.Traits"/> has it.</param>
    private static void Relate(long[] times, ulong[] rest, EventTraits[] traits, int start, int end)
    {
        SortByTime(times, rest, start, end);
        var seen = end - start > FewEvents ? new HashSet<ulong>() : null;
        for (var i = start; i < end; i++)
        {
            var product = rest[i] >> 8;
            traits[i] = (EventTraits)(byte)rest[i];
            if (i == start || times[i] - times[i - 1] > SessionGap)
                traits[i] |= EventTraits.OpensSession;
            if (product > 0 && (seen?.Add(product) ?? IsNew(rest, start, i)))
                traits[i] |= EventTraits.NewProduct;
        }
    }

    private static void SortByTime(long[] times, ulong[] rest, int start, int end)
    {
        if (end - start > FewEvents)
        {
            Array.Sort(times, rest, start, end - start);
            return;
        }
        for (var i = start + 1; i < end; i++)
        {
            var (time, one) = (times[i], rest[i]);
            var place = i;
            for (; place > start && times[place - 1] > time; place--)
            {
                times[place] = times[place - 1];
                rest[place] = rest[place - 1];
            }
            times[place] = time;
            rest[place] = one;
        }
    }

    /// <summary>Whether none of the events from the start on before this one has its product.</summary>
    private static bool IsNew(ulong[] rest, int start, int place)
    {
        for (var i = start; i < place; i++)
            if (rest[i] >> 8 == rest[place] >> 8)
                return false;
        return true;
    }
}
