using EcomWorkflows.Pipeline.Simulation;

namespace EcomWorkflows.Pipeline.Tests.Simulation;

/// <summary>One year of the small shop, counted.</summary>
public sealed class ShopYear
{
    private const int Days = 365;
    private const int OutcomeDays = 45;
    private static readonly DateOnly Opened = new(2025, 6, 1);

    private readonly int[] ordersByDay = new int[Days];
    private readonly double[] visitsByWeekday = new double[7];
    private readonly Dictionary<int, List<ShopOrder>> ordersByCustomer = [];

    public ShopYear()
    {
        var history = new ShopHistory(11, Opened, ScaleSettings.Of(SimulationScale.Small));
        var (views, favourites) = (0L, 0L);
        for (var day = 0; day < Days; day++)
        {
            history.LiveOneDay();
            ordersByDay[day] = history.Orders.Count;
            visitsByWeekday[(int)history.Date.DayOfWeek] += history.Events.Select(row => row.Customer).Distinct().Count();
            foreach (var row in history.Events)
            {
                EventsByHour[row.Second / 3600]++;
                EventsByType[row.Type]++;
                if (row.Type != ShopEventType.ProductPage)
                    continue;
                views++;
                var profile = history.Profile(row.Customer);
                var leaf = history.Catalogue.LeafOf(row.Product);
                favourites += leaf == profile.Leaf1 || leaf == profile.Leaf2 || leaf == profile.Leaf3 ? 1 : 0;
            }
            foreach (var order in history.Orders)
            {
                if (!ordersByCustomer.TryGetValue(order.Customer, out var orders))
                    ordersByCustomer[order.Customer] = orders = [];
                orders.Add(order);
            }
        }
        ShareOfViewsInFavouriteCategories = favourites / (double)views;
    }

    internal double[] EventsByHour { get; } = new double[24];

    internal Dictionary<ShopEventType, double> EventsByType { get; } = Enum.GetValues<ShopEventType>().ToDictionary(type => type, _ => 0.0);

    public double ShareOfViewsInFavouriteCategories { get; }

    /// <summary>Share without a purchase in the last days, of those who bought before.</summary>
    public double ChurnedShare => 1 - ShareBuyingLater(minimumOrders: 1);

    public double VisitsOn(DayOfWeek weekday) => visitsByWeekday[(int)weekday];

    public double OrdersBetween(DateOnly from, DateOnly to) => ordersByDay[(from.DayNumber - Opened.DayNumber)..(to.DayNumber - Opened.DayNumber)].Sum();

    /// <summary>Share of orders of the first eight months that were followed by another within 90 days of their delivery.</summary>
    /// <param name="good">Delivered in time and kept; otherwise delivered late or sent back.</param>
    public double ShareBuyingAgainAfter(bool good)
    {
        var (all, followed) = (0, 0);
        foreach (var orders in ordersByCustomer.Values)
        {
            for (var i = 0; i < orders.Count; i++)
            {
                var order = orders[i];
                if (order.Day > 240 || order.DeliveredOn is not { } delivered || (order.ReturnedOn is null && delivered <= order.PromisedOn) != good)
                    continue;
                all++;
                followed += orders.Skip(i + 1).Any(later => later.Day > delivered && later.Day <= delivered + 90) ? 1 : 0;
            }
        }
        return followed / (double)all;
    }

    /// <summary>Share with a purchase in the outcome window, of those with so many before it.</summary>
    public double ShareBuyingLater(int minimumOrders)
    {
        const int cutoff = Days - OutcomeDays;
        var customers = ordersByCustomer.Values.Where(orders => orders.Count(order => order.Day < cutoff) is var before && before >= minimumOrders).ToList();
        return customers.Count(orders => orders[^1].Day >= cutoff) / (double)customers.Count;
    }
}
