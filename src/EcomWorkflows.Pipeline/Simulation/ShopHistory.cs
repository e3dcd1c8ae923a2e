namespace EcomWorkflows.Pipeline.Simulation;

/// <summary>The shop's life, one day after the other; keeps one small state per customer and the rows of the current day only.</summary>
internal sealed class ShopHistory
{
    private readonly ulong seed;
    private readonly DateOnly opened;
    private readonly ScaleSettings scale;
    private readonly List<CustomerProfile> profiles = [];
    private readonly List<CustomerState> states = [];
    private readonly ShoppingVisit visit;
    private readonly List<ShopEvent> events = [];
    private readonly List<ShopOrder> orders = [];
    private long ordersSoFar;

    public ShopHistory(ulong seed, DateOnly opened, ScaleSettings scale)
    {
        this.seed = seed;
        this.opened = opened;
        this.scale = scale;
        Catalogue = new ShopCatalogue(seed, scale);
        visit = new ShoppingVisit(seed, Catalogue, scale, events, orders);
        for (var customer = 0; customer < scale.BaseCustomers; customer++)
            AddBaseCustomer(customer);
    }

    public ShopCatalogue Catalogue { get; }

    /// <summary>Customers who have signed up so far; ids are 0 to Customers - 1 in order of signing up.</summary>
    public int Customers => profiles.Count;

    /// <summary>The day just lived, 0 for the first.</summary>
    public int Day { get; private set; } = -1;

    public DateOnly Date => opened.AddDays(Day);

    /// <summary>Rows of the day in order of time; valid until the next day.</summary>
    public IReadOnlyList<ShopEvent> Events => events;

    /// <summary>Orders of the day in order of time; valid until the next day.</summary>
    public IReadOnlyList<ShopOrder> Orders => orders;

    public CustomerProfile Profile(int customer) => profiles[customer];

    public CustomerPhase Phase(int customer) => states[customer].Phase;

    public void LiveOneDay()
    {
        Day++;
        events.Clear();
        orders.Clear();
        var date = Date;
        var today = new ShopDay(Day, date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday, ShopCalendar.Season(date), ShopCalendar.CampaignOf(date));
        visit.StartDay(today);
        var living = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(states);
        for (var customer = 0; customer < living.Length; customer++)
            LiveOneDay(customer, ref living[customer], today);
        SignUp(date);
        events.Sort();
        orders.Sort(static (a, b) => a.Second != b.Second ? a.Second.CompareTo(b.Second) : a.Customer.CompareTo(b.Customer));
        for (var i = 0; i < orders.Count; i++)
            orders[i] = orders[i] with { Number = ++ordersSoFar };
    }

    private void LiveOneDay(int customer, ref CustomerState state, in ShopDay today)
    {
        var profile = profiles[customer];
        var random = new SplitMix64(seed, RandomStream.Life, customer, today.Day);
        Feel(profile, ref state, today, ref random);
        var rate = CustomerBehaviour.VisitRate(profile, state, today.Day) * today.Season * today.Campaign.Lift
            * (today.IsWeekend ? profile.WeekendLift : 1);
        if (random.Uniform() < 1 - Math.Exp(-rate))
            visit.Make(customer, profile, ref state, ref random);
    }

    private static void Feel(in CustomerProfile profile, ref CustomerState state, in ShopDay today, ref SplitMix64 random)
    {
        state.Dissatisfaction *= 0.988f;
        if (state.FeltOn == today.Day && state.FeltOn != 0)
        {
            state.Dissatisfaction = Math.Max(state.Dissatisfaction + state.Felt, 0);
            state.FeltOn = 0;
        }
        var u = random.Uniform();
        switch (state.Phase)
        {
            case CustomerPhase.Active when u < CustomerBehaviour.Hazard(profile, state, today.Day):
                state.Phase = CustomerPhase.Fading;
                state.FadingSince = today.Day;
                break;
            case CustomerPhase.Fading when today.Day - state.FadingSince > 3 * CustomerBehaviour.FadingDays(profile):
                state.Phase = CustomerPhase.Gone;
                break;
            case CustomerPhase.Gone when today.Campaign.Discount > 0.2 && u < 0.004:
                state = state with { Phase = CustomerPhase.Active, Dissatisfaction = 0, PriceFelt = 1, LastVisit = today.Day };
                break;
        }
    }

    private void AddBaseCustomer(int customer)
    {
        var random = new SplitMix64(seed, RandomStream.Start, customer);
        // In order of signing up: the first of them two years before the opening of the log.
        var signupDay = -1 - (int)(730.0 * (scale.BaseCustomers - customer - 1) / scale.BaseCustomers);
        var profile = CustomerProfile.Draw(seed, customer, signupDay, Catalogue, scale.Pace);
        var age = Math.Min(profile.Cycle, -signupDay);
        profiles.Add(profile);
        states.Add(new CustomerState
        {
            Phase = random.Chance(scale.DormantShare) ? CustomerPhase.Gone : CustomerPhase.Active,
            PriceFelt = 1,
            LastVisit = -(int)(Math.Min(1 / profile.VisitsPerDay, -signupDay) * random.Uniform()),
            LastPurchase = -(int)(age * random.Uniform()),
            Purchases = (int)(-signupDay / profile.Cycle * random.Uniform()),
            Product1 = -1,
            Product2 = -1,
        });
    }

    private void SignUp(DateOnly date)
    {
        var random = new SplitMix64(seed, RandomStream.Signups, Day);
        var campaign = ShopCalendar.CampaignOf(date);
        var expected = scale.SignupsPerDay * ShopCalendar.Season(date) * campaign.Lift;
        var count = (int)(expected + random.Uniform());
        for (var i = 0; i < count; i++)
        {
            var customer = profiles.Count;
            profiles.Add(CustomerProfile.Draw(seed, customer, Day, Catalogue, scale.Pace));
            states.Add(new CustomerState { PriceFelt = 1, LastVisit = Day, LastPurchase = Day, Product1 = -1, Product2 = -1 });
            // Signing up is part of a first visit; it is looked at, and bought in, from the customer's own stream.
            var life = new SplitMix64(seed, RandomStream.Life, customer, Day);
            visit.Make(customer, profiles[customer], ref System.Runtime.InteropServices.CollectionsMarshal.AsSpan(states)[customer], ref life);
        }
    }
}
