using System.Globalization;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Training.Leaks;

namespace EcomWorkflows.Pipeline.Training.Purchase;

/// <summary>The queries that make pairs of visitor and item, their features and their labels out of events.</summary>
internal static class PairSql
{
    /// <summary>Days after which an event counts half in the engagement score.</summary>
    private const int HalfLifeDays = 7;

    private static readonly string Pair =
        $"""
        select customer_id, product_id,
            (count(*) filter (depth = 1))::int as pair_views,
            (count(*) filter (depth = 2))::int as pair_carts,
            (count(*) filter (depth = 3))::int as pair_purchases,
            sum(weight)::int as interaction_score,
            max(depth)::int as funnel_depth,
            -- Whole millionths: their sum does not depend on the order in which threads add them up.
            (sum(round(1e6 * weight * power(2, -age / {HalfLifeDays}))::bigint) / 1e6)::float as engagement_score,
            coalesce(min(age) filter (depth = 2) < coalesce(min(age) filter (depth = 3), 'infinity'::double), false)::int as cart_open,
            min(age)::float as days_since_last_event,
            max(age)::float as days_since_first_event
          from recent
          group by customer_id, product_id
        """;

    /// <summary>Condition: an event is a step of the funnel that names an item.</summary>
    internal const string IsStep = "event_type in ('view', 'cart', 'purchase') and product_id is not null";

    /// <summary>Keeps the steps of the funnel that name an item, once for all moments.</summary>
    /// <param name="from">Steps before it are not needed; null keeps all.</param>
    internal static void LoadSteps(DuckDbConnection duckdb, string events, DateTimeOffset? from, CancellationToken cancellationToken) =>
        Load(duckdb, events, $"{IsStep}{(from is { } start ? $" and event_time >= {Literal(start)}" : "")}", cancellationToken);

    /// <summary>As the other, of purchases alone: all that outcomes need.</summary>
    internal static void LoadPurchases(DuckDbConnection duckdb, string events, CancellationToken cancellationToken) => Load(duckdb, events, $"{IsStep} and event_type = 'purchase'", cancellationToken);

    /// <summary>Pairs at a cutoff with their labels, ordered, so the same data gives the same file.</summary>
    internal static string Labelled(string split, DateTimeOffset cutoff, ChurnWindows windows, int candidateDays) =>
        $"""
        with {Known(cutoff, candidateDays)},
        -- The outcome looks at [cutoff + gap, cutoff + gap + outcome days) and at nothing else.
        bought as (
          {Bought(cutoff.AddDays(windows.GapDays), cutoff.AddDays(windows.GapDays + windows.OutcomeDays))}
        )
        select k.customer_id, k.product_id, '{split}' as split, {Literal(cutoff)} as cutoff, {Literal(cutoff)} as {FeatureTimeSentinel.AsOf},
          case when b.customer_id is null then 0 else 1 end as bought,
          {string.Join(", ", PairFeatures.All.Select(feature => $"k.{feature}"))}
        from known k
        left join bought b on b.customer_id = k.customer_id and b.product_id = k.product_id
        order by k.customer_id, k.product_id
        """;

    /// <summary>Pairs to score: candidates as of the newest day, whose outcome is not known.</summary>
    internal static string Latest(ChurnWindows windows, int candidateDays) =>
        $"""
        with {Known(windows.ScoreAsOf, candidateDays)}
        select customer_id, product_id, {Literal(windows.ScoreAsOf)} as event_timestamp,
          {string.Join(", ", PairFeatures.All)}
        from known
        order by customer_id, product_id
        """;

    /// <summary>Every pair of the whole history with features of the same period as its label; training and test pairs are told apart by visitor.</summary>
    internal static string ClassicTrainingSet(ChurnWindows windows) =>
        $"""
        with {Recent($"event_time < {Literal(windows.ScoreAsOf)}", windows.ScoreAsOf)},
        pair as (
          {Pair}
        )
        select customer_id, product_id,
          case when hash(customer_id) % 5 = 0 then 'test' else 'train' end as split,
          {Literal(windows.TestCutoff)} as cutoff, {Literal(windows.ScoreAsOf)} as {FeatureTimeSentinel.AsOf},
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

    /// <summary>Pairs bought in <c>[from, to)</c>, candidates or not.</summary>
    internal static string Bought(DateTimeOffset from, DateTimeOffset to) =>
        $"""
        select distinct customer_id, product_id
        from step
        where depth = 3
          and event_time >= {Literal(from)}
          and event_time < {Literal(to)}
        """;

    private static void Load(DuckDbConnection duckdb, string events, string condition, CancellationToken cancellationToken) => duckdb.Execute(
        $"""
        create temp table step as
        select customer_id, product_id, event_time,
          (case event_type when 'view' then 1 when 'cart' then 2 else 3 end)::utinyint as depth
        from {events}
        where {condition}
        """,
        null, cancellationToken);

    private static string Recent(string condition, DateTimeOffset asOf) =>
        $"""
        recent as (
          select customer_id, product_id, depth, 2 * depth - 1 as weight, date_diff('microsecond', event_time, {Literal(asOf)}) / 86400e6 as age
          from step
          where {condition}
        )
        """;

    /// <summary>CTEs that end in <c>known</c>: one row per candidate pair of a moment with all features.</summary>
    private static string Known(DateTimeOffset asOf, int candidateDays) =>
        $"""
        {Recent($"event_time >= {Literal(asOf.AddDays(-candidateDays))} and event_time < {Literal(asOf)}", asOf)},
        pair as materialized (
          {Pair}
        ),
        visitor as (
          select customer_id,
            sum(pair_views + pair_carts + pair_purchases)::int as visitor_events,
            count(*)::int as visitor_items,
            sum(pair_carts)::int as visitor_carts,
            sum(pair_purchases)::int as visitor_purchases,
            min(days_since_last_event) as visitor_days_since_last_event
          from pair
          group by customer_id
        ),
        item as (
          select product_id,
            count(*)::int as item_visitors,
            sum(pair_views + pair_carts + pair_purchases)::int as item_events,
            sum(pair_carts)::int as item_carts,
            sum(pair_purchases)::int as item_purchases,
            (count(*) filter (pair_purchases > 0) / (count(*) + 20.0))::float as item_purchase_rate
          from pair
          group by product_id
        ),
        known as (
          select p.*, v.* exclude (customer_id), i.* exclude (product_id)
          from pair p
          join visitor v on v.customer_id = p.customer_id
          join item i on i.product_id = p.product_id
        )
        """;

    private static string Literal(DateTimeOffset time) => string.Create(CultureInfo.InvariantCulture, $"timestamp '{time.UtcDateTime:yyyy-MM-dd HH:mm:ss}'");
}
