namespace EcomWorkflows.Pipeline.Simulation;

/// <summary>One visit: product pages, some seller pages, perhaps an order. Adds its rows to the day's.</summary>
internal sealed class ShoppingVisit(ulong seed, ShopCatalogue catalogue, ScaleSettings scale, List<ShopEvent> events, List<ShopOrder> orders)
{
    private const int LongestVisit = 3_600;

    private readonly List<ShopOrderLine> basket = [];
    private ShopDay today;

    public void StartDay(in ShopDay day) => today = day;

    public void Make(int customer, in CustomerProfile profile, ref CustomerState state, ref SplitMix64 random)
    {
        var start = ShopCalendar.Second(ref random, profile.FavouriteHour);
        // A visit ends on the day it begins.
        if (start > 86_399 - LongestVisit)
            start -= random.Below(LongestVisit) + (start - 86_399 + LongestVisit);
        var second = start;
        var views = 1 + random.Geometric(1 / scale.ViewsPerVisit);
        basket.Clear();
        for (var i = 0; i < views && second - start < LongestVisit - 700; i++)
        {
            var product = ChooseProduct(profile, state, ref random);
            var seller = catalogue.SellerOf(product);
            events.Add(new ShopEvent(second, customer, product, seller, ShopEventType.ProductPage));
            var looksAtSeller = random.Chance(state.Purchases == 0 ? 0.42 : 0.22);
            if (looksAtSeller)
                events.Add(new ShopEvent(second += 5 + random.Below(60), customer, product, seller, ShopEventType.SellerPage));
            Consider(product, looksAtSeller, profile, ref state, ref random);
            second += 12 + random.Below(240);
        }
        state.LastVisit = today.Day;
        if (basket.Count > 0)
            Order(customer, second, ref state, ref random);
    }

    private int ChooseProduct(in CustomerProfile profile, in CustomerState state, ref SplitMix64 random)
    {
        if (state.Product1 >= 0 && random.Chance(profile.RepeatShare))
        {
            var again = state.Product2 >= 0 && random.Chance(0.4) ? state.Product2 : state.Product1;
            var repeatDays = ShopCatalogue.Departments[ShopCatalogue.DepartmentOf(catalogue.LeafOf(again))].RepeatDays;
            if (repeatDays > 0 && today.Day - state.LastPurchase >= repeatDays / 2)
                return again;
        }
        return catalogue.DrawProduct(ref random, profile.DrawLeaf(ref random, catalogue));
    }

    private void Consider(int product, bool sawSeller, in CustomerProfile profile, ref CustomerState state, ref SplitMix64 random)
    {
        var discount = today.Campaign.DiscountOn(ShopCatalogue.DepartmentOf(catalogue.LeafOf(product)));
        var relativePrice = catalogue.PriceLevel(product, today.Day) * (1 - discount);
        state.PriceFelt += 0.2f * ((float)relativePrice - state.PriceFelt);
        // The first visit of a new customer happens because something is wanted.
        var chance = CustomerBehaviour.BuyChance(profile, state, relativePrice, sawSeller) * (state.Purchases == 0 ? 1.35 : 1);
        if (!random.Chance(chance) || basket.Exists(line => line.Product == product))
            return;
        var unitPrice = catalogue.ListPrice(product, today.Day);
        var quantity = 1 + Math.Min(random.Geometric(unitPrice < 3_000 ? 0.7 : 0.93), 9);
        basket.Add(new ShopOrderLine(product, quantity, unitPrice, (long)Math.Round(quantity * unitPrice * discount)));
    }

    private void Order(int customer, int second, ref CustomerState state, ref SplitMix64 random)
    {
        foreach (var line in basket)
            events.Add(new ShopEvent(second, customer, line.Product, catalogue.SellerOf(line.Product), ShopEventType.BuyOrder));
        var outcome = OrderOutcome.Draw(new SplitMix64(seed, RandomStream.Order, customer, today.Day), catalogue.LatenessOf(catalogue.SellerOf(basket[0].Product)), today);
        orders.Add(new ShopOrder(0, customer, today.Day, second, outcome.PromisedOn, outcome.DeliveredOn, outcome.CancelledOn, outcome.ReturnedOn, basket.ToArray()));
        state.FeltOn = outcome.FeltOn;
        state.Felt = outcome.Felt;
        state.LastPurchase = today.Day;
        state.Purchases++;
        state.Product2 = state.Product1;
        state.Product1 = basket[random.Below(basket.Count)].Product;
    }
}
