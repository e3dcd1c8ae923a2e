namespace EcomWorkflows.Pipeline.Simulation;

/// <summary>What becomes of an order, and how the customer takes it.</summary>
/// <param name="Felt">Change of dissatisfaction on <paramref name="FeltOn"/>.</param>
internal readonly record struct OrderOutcome(int PromisedOn, int? DeliveredOn, int? CancelledOn, int? ReturnedOn, int FeltOn, float Felt)
{
    /// <param name="lateness">The seller's share of late orders; campaigns make it half as high again.</param>
    public static OrderOutcome Draw(SplitMix64 random, double lateness, in ShopDay today)
    {
        var promised = today.Day + 2 + random.Below(3);
        if (random.Chance(0.02))
        {
            var cancelled = today.Day + 1 + random.Below(2);
            return new OrderOutcome(promised, null, cancelled, null, cancelled, 0.7f);
        }
        var isLate = random.Chance(Math.Min(lateness * (today.Campaign.Lift > 1.2 ? 1.5 : 1), 0.8));
        var delivered = isLate ? promised + 2 + random.Geometric(0.2) : promised - random.Below(2);
        if (random.Chance(isLate ? 0.16 : 0.06))
        {
            var returned = delivered + 2 + random.Below(12);
            return new OrderOutcome(promised, delivered, null, returned, returned, isLate ? 1.5f : 1.0f);
        }
        return new OrderOutcome(promised, delivered, null, null, delivered, isLate ? 0.8f : -0.25f);
    }
}
