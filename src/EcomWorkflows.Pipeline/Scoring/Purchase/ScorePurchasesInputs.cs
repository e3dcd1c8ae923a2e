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
}
