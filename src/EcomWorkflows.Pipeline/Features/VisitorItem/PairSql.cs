using System.Globalization;
using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Features.VisitorItem;

/// <summary>The queries that make pairs of visitor and item and their features out of events.</summary>
internal static class PairSql
{
    /// <summary>Days after which an event counts half in the engagement score.</summary>
    private const int HalfLifeDays = 7;

    /// <summary>One row per pair of the CTE <c>recent</c>.</summary>
    internal static readonly string Pair =
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

    private const string Step =
        """
        select customer_id, product_id, event_time,
          (case event_type when 'view' then 1 when 'cart' then 2 else 3 end)::utinyint as depth
        """;

    /// <summary>Changes with what the features are computed from and how.</summary>
    internal static string Logic(int candidateDays) => $"{Step}\n{IsStep}\n{Known(DateTimeOffset.UnixEpoch, candidateDays)}";

    /// <summary>Keeps the steps of the funnel that name an item in table <c>step</c>, once for all moments.</summary>
    /// <param name="from">Steps before it are not needed; null keeps all.</param>
    internal static void LoadSteps(DuckDbConnection duckdb, string events, DateTimeOffset? from, CancellationToken cancellationToken) =>
        Load(duckdb, events, $"{IsStep}{(from is { } start ? $" and event_time >= {Literal(start)}" : "")}", cancellationToken);

    /// <summary>As the other, of purchases alone: all that outcomes need.</summary>
    internal static void LoadPurchases(DuckDbConnection duckdb, string events, CancellationToken cancellationToken) => Load(duckdb, events, $"{IsStep} and event_type = 'purchase'", cancellationToken);

    /// <summary>The view's rows at a moment, from the steps before it: one per candidate pair, ordered, so the same data gives the same file.</summary>
    internal static string Rows(IEnumerable<string> features, DateTimeOffset asOf, int candidateDays) =>
        $"""
        with {Known(asOf, candidateDays)}
        select customer_id, product_id, {Literal(asOf)} as event_timestamp, $created_timestamp::timestamp as created_timestamp,
          {string.Join(", ", features.Select(feature => $"{feature}::double as {feature}"))}
        from known
        order by customer_id, product_id
        """;

    /// <summary>Table <c>pair</c> for the point-in-time join: every candidate pair of each moment.</summary>
    /// <param name="events">Table expression of <c>silver.events</c>.</param>
    internal static string Candidates(IEnumerable<DateTimeOffset> moments, string events, int candidateDays) =>
        $"""
        create temp table pair as
        select row_number() over () as pair_id, customer_id, product_id, moment as event_timestamp
        from (
          select distinct m.moment, e.customer_id, e.product_id
          from {events} e
          join (select unnest([{string.Join(", ", moments.Select(Literal))}]) as moment) m
            on e.event_time >= m.moment - to_days({candidateDays})
            and e.event_time < m.moment
          where {IsStep}
        )
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

    /// <summary>CTE <c>recent</c>: the steps that fulfil a condition, with weight and age in days at a moment.</summary>
    internal static string Recent(string condition, DateTimeOffset asOf) =>
        $"""
        recent as (
          select customer_id, product_id, depth, 2 * depth - 1 as weight, date_diff('microsecond', event_time, {Literal(asOf)}) / 86400e6 as age
          from step
          where {condition}
        )
        """;

    internal static string Literal(DateTimeOffset time) => string.Create(CultureInfo.InvariantCulture, $"timestamp '{time.UtcDateTime:yyyy-MM-dd HH:mm:ss}'");

    private static void Load(DuckDbConnection duckdb, string events, string condition, CancellationToken cancellationToken) => duckdb.Execute(
        $"""
        create temp table step as
        {Step}
        from {events}
        where {condition}
        """,
        null, cancellationToken);

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
}
