namespace EcomWorkflows.Pipeline.Scoring.Retention;

/// <summary>A row of <c>gold.retention_list</c>.</summary>
internal sealed class RetentionListRow
{
    public required string Source { get; init; }

    public required DateTime AsOf { get; init; }

    public required string ModelName { get; init; }

    public required int ModelVersion { get; init; }

    public required double CustomerValue { get; init; }

    public string? ValueFeature { get; init; }

    public required double OfferCost { get; init; }

    public required double ContactCost { get; init; }

    public required double SaveRate { get; init; }

    public required double StayerTakeRate { get; init; }

    public double? Budget { get; init; }

    public required double HoldoutShare { get; init; }

    public required int Seed { get; init; }

    public required int RestDays { get; init; }

    public required long Scored { get; init; }

    public required long Resting { get; init; }

    public required long Contacted { get; init; }

    public required long HeldOut { get; init; }

    public required double ExpectedProfit { get; init; }

    public required double ExpectedCost { get; init; }

    public required long RunId { get; init; }

    public required long AttemptId { get; init; }

    public required DateTime MadeAt { get; init; }

    public RetentionList ToList() => new(
        Source, new DateTimeOffset(AsOf), ModelName, ModelVersion, CustomerValue, ValueFeature, OfferCost, ContactCost, SaveRate, StayerTakeRate, Budget,
        HoldoutShare, Seed, RestDays, Scored, Resting, Contacted, HeldOut, ExpectedProfit, ExpectedCost, RunId, AttemptId, new DateTimeOffset(MadeAt));
}
