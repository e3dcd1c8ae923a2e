namespace EcomWorkflows.Pipeline.Scoring.Retention;

/// <summary>A retention list and what was assumed when it was made: a row of <c>gold.retention_list</c>.</summary>
/// <param name="ValueFeature">Feature that is each customer's own value; null where <paramref name="CustomerValue"/> stands for all.</param>
/// <param name="Budget">Most expected cost; null without a limit.</param>
/// <param name="Resting">Left out because they were listed in <paramref name="RestDays"/> before.</param>
public sealed record RetentionList(
    string Source,
    DateTimeOffset AsOf,
    string ModelName,
    int ModelVersion,
    double CustomerValue,
    string? ValueFeature,
    double OfferCost,
    double ContactCost,
    double SaveRate,
    double StayerTakeRate,
    double? Budget,
    double HoldoutShare,
    int Seed,
    int RestDays,
    long Scored,
    long Resting,
    long Contacted,
    long HeldOut,
    double ExpectedProfit,
    double ExpectedCost,
    long RunId,
    long AttemptId,
    DateTimeOffset MadeAt);
