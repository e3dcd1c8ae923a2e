namespace EcomWorkflows.Pipeline.Tests.Training.Purchase;

/// <summary>Candidates, features and labels computed pair by pair from the definition, without SQL.</summary>
internal static class BruteForcePairs
{
    internal sealed record Step(string Visitor, string Item, int Depth, DateTime Time);

    internal static IReadOnlyDictionary<(string Visitor, string Item), double[]> FeaturesAt(IReadOnlyList<Step> steps, DateTime asOf, int candidateDays)
    {
        Step[] recent = [.. steps.Where(step => step.Time < asOf && step.Time >= asOf.AddDays(-candidateDays))];
        return recent.GroupBy(step => (step.Visitor, step.Item)).ToDictionary(pair => pair.Key, pair => Features(recent, pair.Key, asOf));
    }

    internal static bool IsBought(IReadOnlyList<Step> steps, (string Visitor, string Item) pair, DateTime cutoff, int gapDays, int outcomeDays) =>
        steps.Any(step => step.Depth == 3 && (step.Visitor, step.Item) == pair && step.Time >= cutoff.AddDays(gapDays) && step.Time < cutoff.AddDays(gapDays + outcomeDays));

    /// <summary>In the order of <see cref="PairShop.Features"/>.</summary>
    private static double[] Features(Step[] recent, (string Visitor, string Item) pair, DateTime asOf)
    {
        double Age(Step step) => (asOf - step.Time).TotalDays;
        int Weight(Step step) => step.Depth switch { 1 => 1, 2 => 3, _ => 5 };
        Step[] own = [.. recent.Where(step => (step.Visitor, step.Item) == pair)];
        Step[] visitor = [.. recent.Where(step => step.Visitor == pair.Visitor)];
        Step[] item = [.. recent.Where(step => step.Item == pair.Item)];
        int itemVisitors = item.Select(step => step.Visitor).Distinct().Count();
        int itemBuyers = item.Where(step => step.Depth == 3).Select(step => step.Visitor).Distinct().Count();
        DateTime lastCart = own.Where(step => step.Depth == 2).Select(step => step.Time).DefaultIfEmpty(DateTime.MinValue).Max();
        DateTime lastPurchase = own.Where(step => step.Depth == 3).Select(step => step.Time).DefaultIfEmpty(DateTime.MinValue).Max();
        return
        [
            own.Sum(Weight), own.Max(step => step.Depth), own.Sum(step => Weight(step) * Math.Pow(2, -Age(step) / 7)),
            own.Count(step => step.Depth == 1), own.Count(step => step.Depth == 2), own.Count(step => step.Depth == 3), lastCart > lastPurchase ? 1 : 0,
            own.Min(Age), own.Max(Age),
            visitor.Length, visitor.Select(step => step.Item).Distinct().Count(), visitor.Count(step => step.Depth == 2), visitor.Count(step => step.Depth == 3), visitor.Min(Age),
            itemVisitors, item.Length, item.Count(step => step.Depth == 2), item.Count(step => step.Depth == 3), itemBuyers / (itemVisitors + 20.0),
        ];
    }
}
