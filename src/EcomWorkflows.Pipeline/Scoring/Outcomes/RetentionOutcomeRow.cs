namespace EcomWorkflows.Pipeline.Scoring.Outcomes;

/// <summary>A row of <c>gold.retention_outcome</c>.</summary>
internal sealed class RetentionOutcomeRow
{
    public required string Source { get; init; }

    public required DateTime AsOf { get; init; }

    public required long Contacted { get; init; }

    public required long ContactedChurned { get; init; }

    public required long HeldOut { get; init; }

    public required long HeldOutChurned { get; init; }

    public double? Uplift { get; init; }

    public double? UpliftLow { get; init; }

    public double? UpliftHigh { get; init; }

    public required long RunId { get; init; }

    public required DateTime EvaluatedAt { get; init; }

    public RetentionOutcome ToOutcome() => new(
        Source, new DateTimeOffset(AsOf), Contacted, ContactedChurned, HeldOut, HeldOutChurned,
        Uplift, UpliftLow, UpliftHigh, RunId, new DateTimeOffset(EvaluatedAt));
}
