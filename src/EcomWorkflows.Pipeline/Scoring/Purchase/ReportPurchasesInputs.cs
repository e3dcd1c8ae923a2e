using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Training.Purchase;

namespace EcomWorkflows.Pipeline.Scoring.Purchase;

/// <summary>Inputs of <c>Ecom.ReportPurchases</c>.</summary>
public sealed record ReportPurchasesInputs
{
    [TaskInput("Source whose predictions are reported.", OptionsFrom = "sources")]
    public required string Source { get; init; }

    [TaskInput("As in Ecom.BuildPurchaseSet.")]
    public PurchaseVariant Variant { get; init; }
}
