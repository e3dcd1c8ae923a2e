using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Training.Purchase;

/// <summary>Inputs of <c>Ecom.BuildPurchaseSet</c>.</summary>
public sealed record BuildPurchaseSetInputs
{
    [TaskInput("Source whose visitors and items are paired.", OptionsFrom = "sources")]
    public required string Source { get; init; }

    [TaskInput("honest: features from before a cutoff, purchases after it. classic: features and purchases of the same period, for comparison with published scores; the leak sentinels stop its training.")]
    public PurchaseVariant Variant { get; init; }
}
