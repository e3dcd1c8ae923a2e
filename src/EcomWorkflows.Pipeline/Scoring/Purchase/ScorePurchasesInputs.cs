using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Training.Purchase;

namespace EcomWorkflows.Pipeline.Scoring.Purchase;

/// <summary>Inputs of <c>Ecom.ScorePurchases</c>.</summary>
public sealed record ScorePurchasesInputs
{
    [TaskInput("Source whose pairs of visitor and item are scored.", OptionsFrom = "sources")]
    public required string Source { get; init; }

    [TaskInput("As in Ecom.BuildPurchaseSet.")]
    public PurchaseVariant Variant { get; init; }

    [TaskInput("How many of the newest day's likeliest purchases get their reasons stored. Exact reasons cost about a millisecond each.")]
    public int ExplainTop { get; init; } = 1_000;
}
