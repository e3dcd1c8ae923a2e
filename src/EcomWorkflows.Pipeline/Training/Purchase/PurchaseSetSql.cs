using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Features.VisitorItem;
using EcomWorkflows.Pipeline.Training.Leaks;

namespace EcomWorkflows.Pipeline.Training.Purchase;

/// <summary>The queries that make training sets of pairs out of their features and what was bought.</summary>
internal static class PurchaseSetSql
{
    /// <summary>Pairs at a cutoff with their labels, ordered, so the same data gives the same file.</summary>
    /// <param name="known">Table expression: of each candidate pair of a moment (<c>event_timestamp</c>), the features known at it.</param>
    /// <param name="features">Feature columns, in the order wanted.</param>
    internal static string Labelled(string split, DateTimeOffset cutoff, ChurnWindows windows, string known, IReadOnlyList<string> features) =>
        $"""
        -- The outcome looks at [cutoff + gap, cutoff + gap + outcome days) and at nothing else.
        with bought as (
          {PairSql.Bought(cutoff.AddDays(windows.GapDays), cutoff.AddDays(windows.GapDays + windows.OutcomeDays))}
        )
        select k.customer_id, k.product_id, '{split}' as split, {PairSql.Literal(cutoff)} as cutoff, k.{FeatureTimeSentinel.AsOf},
          case when b.customer_id is null then 0 else 1 end as bought,
          {string.Join(", ", features.Select(feature => $"k.{TrainingSetSql.Quote(feature)}"))}
        from {known} k
        left join bought b on b.customer_id = k.customer_id and b.product_id = k.product_id
        where k.event_timestamp = {PairSql.Literal(cutoff)}
        order by k.customer_id, k.product_id
        """;

    /// <summary>Every pair of the whole history with features of the same period as its label; training and test pairs are told apart by visitor.</summary>
    internal static string Classic(ChurnWindows windows) =>
        $"""
        with {PairSql.Recent($"event_time < {PairSql.Literal(windows.ScoreAsOf)}", windows.ScoreAsOf)},
        pair as (
          {PairSql.Pair}
        )
        select customer_id, product_id,
          case when hash(customer_id) % 5 = 0 then 'test' else 'train' end as split,
          {PairSql.Literal(windows.TestCutoff)} as cutoff, {PairSql.Literal(windows.ScoreAsOf)} as {FeatureTimeSentinel.AsOf},
          (pair_purchases > 0)::int as bought,
          {string.Join(", ", PairFeatures.Scores)}
        from pair
        order by customer_id, product_id
        """;

    /// <summary>The same pairs, to be scored.</summary>
    internal static string ClassicLatest(string trainingSet) =>
        $"""
        select customer_id, product_id, {FeatureTimeSentinel.AsOf} as event_timestamp,
          {string.Join(", ", PairFeatures.Scores)}
        from {trainingSet}
        """;
}
