using EcomWorkflows.Pipeline.Training.Evaluation;

namespace EcomWorkflows.Pipeline.Scoring.Retention;

/// <summary>By what a retention list is made.</summary>
public sealed record RetentionSettings
{
    public ProfitAssumptions Profit { get; init; } = new();

    /// <summary>Most that contacting may be expected to cost; null without a limit.</summary>
    public double? Budget { get; init; }

    /// <summary>Most customers on the list, those held out included; null without a limit.</summary>
    public int? MostTargets { get; init; }

    /// <summary>Share of those who would be contacted that is drawn out, 0 to below 1.</summary>
    public double HoldoutShare { get; init; } = 0.1;

    /// <summary>Of the draw. With the same seed a customer is in the same group on every list.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>What is wrong with the settings, in words; null where they can be used.</summary>
    public string? Problem() => Profit.Problem() ?? this switch
    {
        { Budget: not (null or (> 0 and < double.PositiveInfinity)) } => $"budget is {Budget}; allowed: 0 for no limit, or more",
        { MostTargets: <= 0 } => $"mostTargets is {MostTargets}; allowed: 0 for no limit, or more",
        { HoldoutShare: not (>= 0 and < 1) } => $"holdoutShare is {HoldoutShare}; allowed: 0 to below 1",
        _ => null,
    };
}
