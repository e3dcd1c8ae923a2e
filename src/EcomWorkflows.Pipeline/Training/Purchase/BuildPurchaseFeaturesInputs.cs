using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Training.Purchase;

/// <summary>Inputs of <c>Ecom.BuildPurchaseFeatures</c>.</summary>
public sealed record BuildPurchaseFeaturesInputs
{
    [TaskInput("Source whose visitors and items are paired.", OptionsFrom = "sources")]
    public required string Source { get; init; }

    [TaskInput("As in Ecom.BuildPurchaseSet. The features of the classic variant know the outcome and stay out of the feature store: the task is skipped.")]
    public PurchaseVariant Variant { get; init; }
}
