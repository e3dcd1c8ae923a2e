using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Training.Evaluation;

namespace EcomWorkflows.Pipeline.Scoring.Retention;

/// <summary>Inputs of <c>Ecom.SelectRetentionTargets</c>.</summary>
public sealed record SelectRetentionTargetsInputs
{
    [TaskInput("Source whose newest scoring is used.", OptionsFrom = "sources")]
    public required string Source { get; init; }

    [TaskInputGroup]
    public ProfitAssumptions Offer { get; init; } = new();

    [TaskInput("Feature of the churn model's feature service that is each customer's own value, for example monetary; where it is empty or not known, customerValue stands.")]
    public string ValueFeature { get; init; } = "";

    [TaskInput("Most that contacting may be expected to cost; 0 sets no limit.")]
    public double Budget { get; init; }

    [TaskInput("Most customers on the list, those held out included: as many as the team that contacts them can take on; 0 sets no limit.")]
    public int MostTargets { get; init; } = 50_000;

    [TaskInput("Share of the targets that is held out at random, so that what contacting brings can be measured; 0 to below 1.")]
    public double HoldoutShare { get; init; } = 0.1;

    [TaskInput("Seed of the hold-out draw. Keep it: with the same seed a customer is in the same group on every list.")]
    public int Seed { get; init; } = 42;

    [TaskInput("Customers listed in so many days before are left out; 0 lists them again.")]
    public int RestDays { get; init; } = 28;

    internal RetentionSettings Settings => new()
    {
        Profit = Offer,
        Budget = Budget == 0 ? null : Budget,
        MostTargets = MostTargets == 0 ? null : MostTargets,
        HoldoutShare = HoldoutShare,
        Seed = Seed,
    };
}
