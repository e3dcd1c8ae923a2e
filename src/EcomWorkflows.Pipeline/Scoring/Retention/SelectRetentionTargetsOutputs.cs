namespace EcomWorkflows.Pipeline.Scoring.Retention;

/// <summary>The list that <c>Ecom.SelectRetentionTargets</c> published.</summary>
/// <param name="Scored">Customers of the scoring.</param>
/// <param name="Resting">Of them, left out because they were listed lately.</param>
/// <param name="BreakEvenProbability">The least probability at which contacting a customer of the assumed value pays.</param>
/// <param name="ExpectedProfit">Of those contacted.</param>
/// <param name="ExpectedCost">Of those contacted.</param>
/// <param name="OfferDifferences">In which figures the offer is another than that of the model's report; empty where both are the same.</param>
public sealed record SelectRetentionTargetsOutputs(
    string Source,
    DateTimeOffset AsOf,
    string Model,
    int ModelVersion,
    long Scored,
    long Resting,
    long Contacted,
    long HeldOut,
    double BreakEvenProbability,
    double ExpectedProfit,
    double ExpectedCost,
    string Table,
    IReadOnlyList<string> OfferDifferences);
