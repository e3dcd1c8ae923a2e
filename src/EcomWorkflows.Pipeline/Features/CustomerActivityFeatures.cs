using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>The features of the customer activity view; <c>customer_activity.sql</c> computes a column of the same name for each.</summary>
public static class CustomerActivityFeatures
{
    /// <summary>Orders and their rhythm; what was bought.</summary>
    public const string Orders = "orders";

    /// <summary>Money and quantities of what was bought.</summary>
    public const string Spend = "spend";

    /// <summary>What was sent back.</summary>
    public const string Returns = "returns";

    /// <summary>What is known of the customer besides events.</summary>
    public const string Profile = "profile";

    /// <summary>Views, carts, sessions: every event except returns.</summary>
    public const string Browsing = "browsing";

    public static IReadOnlyList<string> Groups { get; } = [Orders, Spend, Returns, Profile, Browsing];

    /// <summary>All features, in the order of the view's columns.</summary>
    public static IReadOnlyList<FeatureDefinition> All { get; } =
    [
        new("recency", Orders, "Days from the last purchase to the as-of time; null without a purchase."),
        new("tenure", Orders, "Days from the first purchase to the as-of time; null without a purchase."),
        new("frequency", Orders, "Number of orders."),
        new("monetary", Spend, "Total amount of all purchases, in the shop's currency."),
        new("avg_basket", Spend, "Mean amount of an order; null without a purchase."),
        new("avg_lines", Orders, "Mean number of lines of an order; null without a purchase."),
        new("avg_qty", Spend, "Mean number of pieces of an order; null without a purchase."),
        new("n_products", Orders, "Number of different products bought."),
        new("avg_price", Spend, "Mean unit price over the lines bought; null without a purchase."),
        new("active_days", Orders, "Number of different days (UTC) with a purchase."),
        new("gap_mean", Orders, "Mean days between consecutive orders; the tenure where there is one order; null without a purchase."),
        new("gap_std", Orders, "Sample standard deviation of the days between consecutive orders; 0 with fewer than three orders; null without a purchase."),
        new("recency_over_gap", Orders, "recency / (gap_mean + 1): how overdue the next order is; null without a purchase."),
        new("spend_30d", Spend, "Amount of the purchases of the last 30 days."),
        new("orders_30d", Orders, "Number of orders with a purchase in the last 30 days."),
        new("spend_90d", Spend, "Amount of the purchases of the last 90 days."),
        new("orders_90d", Orders, "Number of orders with a purchase in the last 90 days."),
        new("return_amount", Returns, "Amount of all returns, positive."),
        new("return_invoices", Returns, "Number of orders with a return."),
        new("return_rate", Returns, "return_amount / monetary; 0 without returns."),
        new("home_country", Profile, "1 when the customer lives in the shop's home country, otherwise 0; null where the country is not known."),
        new("n_views", Browsing, "Number of product pages viewed."),
        new("n_seller_views", Browsing, "Number of seller pages viewed."),
        new("n_carts", Browsing, "Number of times something was put into the cart."),
        new("n_purchases", Browsing, "Number of purchase events (lines, not orders)."),
        new("views_7d", Browsing, "Product pages viewed in the last 7 days."),
        new("views_30d", Browsing, "Product pages viewed in the last 30 days."),
        new("events_1d", Browsing, "Events of the last day."),
        new("events_7d", Browsing, "Events of the last 7 days."),
        new("events_30d", Browsing, "Events of the last 30 days."),
        new("n_sessions", Browsing, "Number of visits: a new one starts after more than 30 minutes without an event."),
        new("n_products_seen", Browsing, "Number of different products in the events."),
        new("days_since_last_event", Browsing, "Days from the last event to the as-of time."),
        new("days_since_first_event", Browsing, "Days from the first event to the as-of time."),
        new("cart_rate", Browsing, "n_carts / (n_views + 1)."),
        new("events_per_session", Browsing, "Events per visit."),
    ];

    /// <summary>The features of a source's view: those of the groups its mapping names, or all.</summary>
    /// <exception cref="TaskFailedException">The mapping names a group that does not exist.</exception>
    public static IReadOnlyList<FeatureDefinition> Of(SourceMapping mapping)
    {
        var groups = mapping.Features.Groups;
        if (groups.FirstOrDefault(g => !Groups.Contains(g)) is { } unknown)
            throw new TaskFailedException(
                $"{mapping.File}: features.groups names '{unknown}'; allowed are {string.Join(", ", Groups)}. Leave the list out for all of them.", retryable: false);
        return groups.Count == 0 ? All : [.. All.Where(f => groups.Contains(f.Group))];
    }
}
