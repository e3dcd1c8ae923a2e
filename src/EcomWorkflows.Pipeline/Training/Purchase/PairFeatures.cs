namespace EcomWorkflows.Pipeline.Training.Purchase;

/// <summary>What is known of a pair of visitor and item: the columns, in the order of the tables. All look at the candidate window before the as-of time and at nothing else.</summary>
internal static class PairFeatures
{
    /// <summary>View 1, cart 3, purchase 5, summed over the pair's events.</summary>
    internal const string InteractionScore = "interaction_score";

    /// <summary>The deepest step the pair has come to: 1 view, 2 cart, 3 purchase.</summary>
    internal const string FunnelDepth = "funnel_depth";

    /// <summary>As the interaction score, each event halved with every seven days of its age.</summary>
    internal const string EngagementScore = "engagement_score";

    /// <summary>The three of the classic variant, which the predictions carry in both.</summary>
    internal static readonly IReadOnlyList<string> Scores = [InteractionScore, FunnelDepth, EngagementScore];

    internal static readonly IReadOnlyList<string> All =
    [
        .. Scores,
        "pair_views", "pair_carts", "pair_purchases", "cart_open", "days_since_last_event", "days_since_first_event",
        "visitor_events", "visitor_items", "visitor_carts", "visitor_purchases", "visitor_days_since_last_event",
        "item_visitors", "item_events", "item_carts", "item_purchases", "item_purchase_rate",
    ];

    internal static IReadOnlyList<string> Of(PurchaseVariant variant) => variant == PurchaseVariant.Classic ? Scores : All;
}
