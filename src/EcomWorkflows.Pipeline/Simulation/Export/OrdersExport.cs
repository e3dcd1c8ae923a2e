using EcomWorkflows.Pipeline.Simulation.Defects;

namespace EcomWorkflows.Pipeline.Simulation.Export;

/// <summary>Orders and their lines as they stand at the end of the history.</summary>
internal sealed class OrdersExport : IDisposable
{
    private static readonly string[] OrderColumns =
        ["order_id", "customer_id", "ordered_at", "status", "payment_method", "shipping_country", "total_amount", "promised_on", "delivered_on", "returned_on"];

    private static readonly byte[][] PaymentMethods = ["card"u8.ToArray(), "paypal"u8.ToArray(), "invoice"u8.ToArray(), "instalments"u8.ToArray()];

    private readonly CsvFile orders;
    private readonly OrderItemsExport items;
    private readonly DefectLog defects;
    private readonly ExportCounts counts;
    private readonly ulong seed;
    private readonly DateOnly opened;
    private readonly int lastDay;
    private long number;

    public OrdersExport(string folder, ulong seed, DateOnly opened, int days, DefectLog defects, OrderItemsExport items, ExportCounts counts)
    {
        orders = new CsvFile(folder, "orders.csv", OrderColumns);
        this.items = items;
        this.defects = defects;
        this.counts = counts;
        this.seed = seed;
        this.opened = opened;
        lastDay = days - 1;
    }

    public void Write(ShopHistory history)
    {
        foreach (var order in history.Orders)
        {
            var good = ++number;
            Write(good, order);
            items.Write(good, order, mayHaveDefects: true);
            foreach (var (kind, random) in defects.Next())
                Plant(kind, random, order, kind.RepeatsKey ? good : ++number, history.Profile(order.Customer).SignupDay);
        }
    }

    public void Complete()
    {
        orders.Complete();
        counts.Add("orders", orders);
    }

    public void Dispose() => orders.Dispose();

    private void Plant(DefectKind kind, SplitMix64 random, in ShopOrder order, long id, int signupDay)
    {
        Write(id, order);
        var good = new GoodRow(OrderColumns, orders.TakeBack());
        if (kind.Rule == OrderDefects.OrderBeforeSignup)
        {
            var early = opened.AddDays(signupDay - 1 - random.Below(40)).ToDateTime(new TimeOnly(10, 5, random.Below(60)));
            good = good.With("ordered_at", early.ToString(BadValues.TimestampFormat));
        }
        var faulty = kind.Corrupt(good, random);
        orders.WriteRow(faulty.Fields);
        defects.Add(kind, faulty, orders.Name, orders.Line);
        var cannotBeParsed = kind.Rule.StartsWith("parse_", StringComparison.Ordinal);
        if (!kind.RepeatsKey && !cannotBeParsed && kind.Rule != OrderDefects.OrderWithoutLines)
            items.Write(id, order, mayHaveDefects: false);
    }

    private void Write(long id, in ShopOrder order)
    {
        var random = new SplitMix64(seed, RandomStream.Order, order.Customer, -1);
        var payment = random.Pick([0.5, 0.8, 0.93, 1]);
        orders.Begin()
            .Id('O', id, Ids.OrderDigits)
            .Id('C', order.Customer + 1, Ids.CustomerDigits)
            .Timestamp(opened.AddDays(order.Day), order.Second)
            .Text(Status(order))
            .Text(PaymentMethods[payment])
            .Text(CustomerRecord.CountryOf(seed, order.Customer))
            .Money(order.Total)
            .Date(opened.AddDays(order.PromisedOn))
            .Date(Known(order.DeliveredOn))
            .Date(Known(order.ReturnedOn))
            .End();
    }

    /// <summary>A day that has come by the end of the history.</summary>
    private DateOnly? Known(int? day) => day <= lastDay ? opened.AddDays(day.Value) : null;

    private ReadOnlySpan<byte> Status(in ShopOrder order)
    {
        if (order.CancelledOn <= lastDay)
            return "cancelled"u8;
        if (order.ReturnedOn <= lastDay)
            return "returned"u8;
        if (order.DeliveredOn <= lastDay)
            return "delivered"u8;
        return order.Day < lastDay ? "shipped"u8 : "placed"u8;
    }
}
