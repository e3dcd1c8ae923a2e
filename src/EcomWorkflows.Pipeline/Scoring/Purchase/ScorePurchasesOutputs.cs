namespace EcomWorkflows.Pipeline.Scoring.Purchase;

/// <summary>What <c>Ecom.ScorePurchases</c> published to <c>gold.purchase_predictions</c>.</summary>
/// <param name="Pairs">Pairs of the newest day.</param>
/// <param name="PredictedPurchases">Those of them with a probability at or above <paramref name="Threshold"/>.</param>
/// <param name="ExpectedPurchases">Sum of their probabilities.</param>
/// <param name="HoldoutPairs">Pairs of the test cutoff, whose outcome is known; 0 in the classic variant.</param>
/// <param name="LabelsClosed">Earlier scorings whose outcome window has closed since, and whose labels this run wrote.</param>
public sealed record ScorePurchasesOutputs(
    string Source,
    string Variant,
    DateTimeOffset AsOf,
    string Model,
    int ModelVersion,
    string Learner,
    double Threshold,
    long Pairs,
    long PredictedPurchases,
    double ExpectedPurchases,
    long HoldoutPairs,
    int LabelsClosed,
    string Table);
