namespace EcomWorkflows.Pipeline.Simulation;

/// <summary>What does not change about a customer: habits, tastes, sensitivity.</summary>
/// <param name="VisitsPerDay">While active, on an average day.</param>
/// <param name="Conversion">Chance that a product page seen on an average visit ends in a purchase.</param>
/// <param name="Elasticity">Exponent of price over reference price in the chance to buy.</param>
/// <param name="Impatience">Factor on what bad experiences do.</param>
/// <param name="RepeatShare">Share of views that go to something bought before.</param>
/// <param name="SignupDay">Days since the shop's opening; negative before.</param>
internal readonly record struct CustomerProfile(
    float VisitsPerDay,
    float Conversion,
    float Elasticity,
    float Impatience,
    float RepeatShare,
    float FavouriteHour,
    float WeekendLift,
    byte Channel,
    short Leaf1,
    short Leaf2,
    short Leaf3,
    int SignupDay)
{
    /// <summary>Expected days between two purchases while active.</summary>
    public float Cycle => 1 / (VisitsPerDay * Conversion);

    public static CustomerProfile Draw(ulong seed, int customer, int signupDay, ShopCatalogue catalogue, double pace)
    {
        var random = new SplitMix64(seed, RandomStream.Profile, customer);
        var visits = Math.Clamp(0.085 * pace * Math.Exp(0.75 * random.Normal()), 0.006, 0.9);
        var conversion = Math.Clamp(0.40 * Math.Exp(0.45 * random.Normal()), 0.04, 0.92);
        return new CustomerProfile(
            (float)visits,
            (float)conversion,
            (float)(0.6 + (2.4 * random.Uniform())),
            (float)(0.4 + (1.2 * random.Uniform())),
            (float)(0.05 + (0.45 * random.Uniform())),
            (float)ShopCalendar.Hour(ref random),
            (float)Math.Exp(0.35 * random.Normal()),
            (byte)random.Pick(AcquisitionChannel.Cumulative),
            (short)catalogue.DrawLeaf(ref random),
            (short)catalogue.DrawLeaf(ref random),
            (short)catalogue.DrawLeaf(ref random),
            signupDay);
    }

    public int DrawLeaf(ref SplitMix64 random, ShopCatalogue catalogue) => random.Uniform() switch
    {
        < 0.45 => Leaf1,
        < 0.65 => Leaf2,
        < 0.78 => Leaf3,
        _ => catalogue.DrawLeaf(ref random),
    };
}
