namespace EcomWorkflows.Pipeline.Scoring.Outcomes;

/// <summary>What contacting the customers of a retention list brought: a row of <c>gold.retention_outcome</c>.</summary>
/// <param name="Uplift">Churn rate of those held out minus that of those contacted; null where a group is empty.</param>
/// <param name="UpliftLow">Of its 95 % interval.</param>
/// <param name="UpliftHigh">Of its 95 % interval.</param>
public sealed record RetentionOutcome(
    string Source,
    DateTimeOffset AsOf,
    long Contacted,
    long ContactedChurned,
    long HeldOut,
    long HeldOutChurned,
    double? Uplift,
    double? UpliftLow,
    double? UpliftHigh,
    long RunId,
    DateTimeOffset EvaluatedAt)
{
    internal static RetentionOutcome Of(
        string source, DateTimeOffset asOf, (long Churned, long All) contacted, (long Churned, long All) heldOut, long runId, DateTimeOffset evaluatedAt)
    {
        ProportionDifference? uplift = contacted.All > 0 && heldOut.All > 0 ? ProportionDifference.Of(heldOut.Churned, heldOut.All, contacted.Churned, contacted.All) : null;
        return new RetentionOutcome(
            source, asOf, contacted.All, contacted.Churned, heldOut.All, heldOut.Churned, uplift?.Value, uplift?.Low, uplift?.High, runId, evaluatedAt);
    }
}
