namespace EcomWorkflows.Pipeline.Scoring.Purchase.Reports;

/// <summary>One of the six purchase reports: how predictions are grouped, and what the groups are called.</summary>
/// <param name="Name">File name without extension.</param>
/// <param name="Question">What it answers, a sentence.</param>
/// <param name="Heading">Of the first column.</param>
/// <param name="Group">SQL expression over a prediction; a number where <paramref name="Labels"/> name it.</param>
/// <param name="Labels">Names of the groups 0, 1, 2, …; null where the expression's value is the name.</param>
/// <param name="Top">Only so many groups, those with the most expected purchases first; null for all in their own order.</param>
internal sealed record PurchaseReportDefinition(
    string Name, string Title, string Question, string Heading, string Group, IReadOnlyList<string>? Labels, int? Top)
{
    internal const string OverallName = "overall";

    internal static IReadOnlyList<PurchaseReportDefinition> All { get; } =
    [
        new(OverallName, "Overall conversion and prediction", "How many pairs of visitor and item end in a purchase, and how many are predicted to?", "Group", "0", ["all pairs"], null),
        new("top-products", "Top 20 products", "Which items are expected to be bought most?", "Item", "itemid", null, 20),
        new(
            "engagement-score", "By engagement score", "Do visitors buy what they were engaged with recently? (View 1, cart 3, purchase 5, halved with every 7 days of age.)", "Engagement score",
            "width_bucket(engagement_score::float8, array[0.1, 0.25, 0.5, 1, 2, 4, 8]::float8[])",
            ["below 0.1", "0.1 to 0.25", "0.25 to 0.5", "0.5 to 1", "1 to 2", "2 to 4", "4 to 8", "8 and more"], null),
        new("funnel-depth", "By funnel depth", "How does conversion rise with the deepest step a pair has come to?", "Deepest step", "funnel_depth", ["none", "view", "cart", "purchase"], null),
        new(
            "interaction-score", "By interaction score", "How does conversion rise with the sum of interactions? (View 1, cart 3, purchase 5.)", "Interaction score",
            "width_bucket(interaction_score::float8, array[2, 3, 5, 10, 20, 50]::float8[])", ["1", "2", "3 to 4", "5 to 9", "10 to 19", "20 to 49", "50 and more"], null),
        new("top-visitors", "Top 50 visitors", "Which visitors are expected to buy most?", "Visitor", "visitorid", null, 50),
    ];
}
