namespace EcomWorkflows.Pipeline.Simulation;

/// <summary>The formulas of docs/simulated-shop.md: chance to come, hazard to leave. Pure.</summary>
internal static class CustomerBehaviour
{
    private const double BaseHazard = 0.0011;

    /// <summary>Chance per day that an active customer starts to leave.</summary>
    public static double Hazard(in CustomerProfile profile, in CustomerState state, int day)
    {
        var missedVisits = Math.Min((day - state.LastVisit) * profile.VisitsPerDay, 4);
        var newcomer = day - profile.SignupDay < 45 ? 0.55 : 0;
        var exponent = AcquisitionChannel.All[profile.Channel].LogHazard
            + (2.0 * state.Dissatisfaction * profile.Impatience)
            + (0.30 * Math.Max(missedVisits - 1, 0))
            + (5.0 * Math.Max(state.PriceFelt - 1.02, 0) * profile.Elasticity / 1.8)
            + newcomer
            - (0.28 * Math.Log(1 + state.Purchases));
        return Math.Min(BaseHazard * Math.Exp(exponent), 0.25);
    }

    /// <summary>Expected visits on a day, before season and campaign.</summary>
    public static double VisitRate(in CustomerProfile profile, in CustomerState state, int day) => state.Phase switch
    {
        CustomerPhase.Gone => 0.0012,
        CustomerPhase.Fading => profile.VisitsPerDay * Math.Exp((state.FadingSince - day) / FadingDays(profile)),
        _ => profile.VisitsPerDay * Habit(profile, state, day),
    };

    /// <summary>Time constant of fading, days.</summary>
    public static double FadingDays(in CustomerProfile profile) => 10 + (14 / profile.Impatience);

    /// <summary>The purchase cycle: little need right after a purchase, most when one cycle has passed.</summary>
    public static double Habit(in CustomerProfile profile, in CustomerState state, int day)
    {
        if (state.Purchases == 0)
            return 1;
        var share = (day - state.LastPurchase) / profile.Cycle;
        return share >= 1.2 ? 1.25 : 0.55 + (0.7 * share / 1.2);
    }

    /// <summary>Chance that a product page ends in a purchase.</summary>
    /// <param name="relativePrice">Price to pay over reference price.</param>
    public static double BuyChance(in CustomerProfile profile, in CustomerState state, double relativePrice, bool sawSeller)
    {
        var willing = state.Phase switch { CustomerPhase.Active => 1.0, CustomerPhase.Fading => 0.45, _ => 0.05 };
        return Math.Min(profile.Conversion * willing * Math.Pow(relativePrice, -profile.Elasticity) * (sawSeller ? 1.5 : 0.8), 0.95);
    }
}
