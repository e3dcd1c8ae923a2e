namespace EcomWorkflows.Pipeline.Features.VisitorItem;

/// <summary>What is known of a pair of visitor and item, in the order of the columns. All of it looks at the candidate window before the as-of time (<c>purchase.candidateDays</c>) and at nothing else.</summary>
public static class VisitorItemFeatures
{
    public const string InteractionScore = "interaction_score";

    public const string FunnelDepth = "funnel_depth";

    public const string EngagementScore = "engagement_score";

    public static IReadOnlyList<FeatureDefinition> All { get; } =
    [
        new(InteractionScore, "", "View 1, cart 3, purchase 5, summed over the pair's events."),
        new(FunnelDepth, "", "The deepest step the pair has come to: 1 view, 2 cart, 3 purchase."),
        new(EngagementScore, "", "As the interaction score, each event halved with every seven days of its age."),
        new("pair_views", "", "Times the visitor viewed the item."),
        new("pair_carts", "", "Times the visitor put the item into the cart."),
        new("pair_purchases", "", "Times the visitor bought the item."),
        new("cart_open", "", "1 when the visitor put the item into the cart and has not bought it since; otherwise 0."),
        new("days_since_last_event", "", "Days from the pair's last event to the as-of time."),
        new("days_since_first_event", "", "Days from the pair's first event to the as-of time."),
        new("visitor_events", "", "Views, carts and purchases of the visitor."),
        new("visitor_items", "", "Different items the visitor looked at."),
        new("visitor_carts", "", "Times the visitor put something into the cart."),
        new("visitor_purchases", "", "Things the visitor bought (lines, not orders)."),
        new("visitor_days_since_last_event", "", "Days from the visitor's last event to the as-of time."),
        new("item_visitors", "", "Different visitors who looked at the item."),
        new("item_events", "", "Views, carts and purchases of the item."),
        new("item_carts", "", "Times the item was put into a cart."),
        new("item_purchases", "", "Times the item was bought."),
        new("item_purchase_rate", "", "Visitors who bought the item / (visitors who looked at it + 20)."),
    ];
}
