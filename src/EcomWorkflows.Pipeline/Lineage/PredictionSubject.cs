using EcomWorkflows.Pipeline.Features.VisitorItem;
using EcomWorkflows.Pipeline.Scoring.Purchase;

namespace EcomWorkflows.Pipeline.Lineage;

/// <summary>Whose prediction is walked back from, and how its features and the silver rows behind them are found.</summary>
/// <param name="Key">Unique among those predicted at the moment, for example a customer's id.</param>
/// <param name="Name">For people, for example <c>customer C1</c>.</param>
/// <param name="Time">Column of the features' lake table that holds the moment.</param>
/// <param name="Features">SQL condition: which of that moment's rows are this one's.</param>
/// <param name="Rows">SQL condition: which silver events the features were computed from.</param>
/// <param name="Part">SQL number: which of <paramref name="Relations"/> an event stands in; those of the first are followed first.</param>
/// <param name="Relations">What the features say of the events, in words that precede them.</param>
/// <param name="Parameters">Values of the conditions' <c>$</c> names.</param>
internal sealed record PredictionSubject(
    string Source, string Key, string Name, DateTime AsOf, string FeatureView, int? FeatureViewVersion, long FeaturesSnapshot, string Time, string Features, string Rows, string Part,
    IReadOnlyList<string> Relations, IReadOnlyDictionary<string, object?> Parameters)
{
    private const string AsOfName = "as_of";

    /// <summary>A customer's churn: all events before the moment.</summary>
    public static PredictionSubject Of(PredictionRow row) => new(
        row.Source, row.Customer, $"customer {row.Customer}", row.AsOf, row.FeatureView, row.FeatureViewVersion, row.FeaturesSnapshot,
        Time: "event_timestamp",
        Features: "customer_id = $customer",
        Rows: "customer_id = $customer and event_time < $as_of::timestamp",
        Part: "0",
        Relations: ["computed from"],
        new Dictionary<string, object?> { [AsOfName] = row.AsOf, ["customer"] = row.Customer });

    /// <summary>A pair's purchase: the steps of the pair, and those by which visitor and item are known. The classic features know the pair alone.</summary>
    public static PredictionSubject Of(PurchaseRow row)
    {
        var from = row.CandidateDays is { } days ? row.AsOf.AddDays(-days) : DateTime.MinValue;
        var others = row.Variant == PurchaseChoice.Honest ? "or" : "and";
        return new PredictionSubject(
            row.Source, $"{row.Visitor}/{row.Item}", $"visitor {row.Visitor}, item {row.Item}", row.AsOf, row.FeatureView, row.FeatureViewVersion, row.FeaturesSnapshot,
            // Before the pairs had a feature view, those of the test cutoff were read from the training set.
            Time: row is { Kind: PurchaseScoring.Holdout, FeatureViewVersion: null } ? "cutoff" : "event_timestamp",
            Features: "customer_id = $visitor and product_id = $item",
            Rows:
                $"""
                {PairSql.IsStep}
                  and (customer_id = $visitor {others} product_id = $item)
                  and event_time >= $from::timestamp
                  and event_time < $as_of::timestamp
                """,
            Part: "case when customer_id <> $visitor then 2 when product_id <> $item then 1 else 0 end",
            Relations: ["computed from", "what it says of the visitor, from", "what it says of the item, from"],
            new Dictionary<string, object?> { [AsOfName] = row.AsOf, ["visitor"] = row.Visitor, ["item"] = row.Item, ["from"] = from });
    }
}
