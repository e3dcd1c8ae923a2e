namespace EcomWorkflows.Pipeline.Scoring;

/// <summary>What <c>Ecom.ScoreChurn</c> published to <c>gold.churn_predictions</c>.</summary>
/// <param name="AtRisk">Customers with a probability at or above <paramref name="Threshold"/>.</param>
/// <param name="PositiveShare"><paramref name="AtRisk"/> ÷ <paramref name="Customers"/>.</param>
public sealed record ScoreChurnOutputs(
    string Source,
    DateTimeOffset AsOf,
    string Model,
    int ModelVersion,
    string Learner,
    double Threshold,
    long Customers,
    long AtRisk,
    double PositiveShare,
    double MeanProbability,
    long Explained,
    string Table);
