using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Training.Purchase;

/// <summary>Names of what the purchase problem of a source is stored under.</summary>
internal static class PurchaseTables
{
    internal const string ClassicTrainingSetName = "purchase_classic_training_set";

    private const string TrainingSetName = "purchase_training_set";

    private const string ClassicPairsName = "visitor_item_classic";

    /// <summary>Labelled pairs at the training and test cutoffs.</summary>
    internal static LakeTableName TrainingSet(string source, PurchaseVariant variant) =>
        new("gold", source, variant == PurchaseVariant.Classic ? ClassicTrainingSetName : TrainingSetName);

    /// <summary>Pairs that the classic variant scores. Their features know the outcome, so they are no feature view.</summary>
    internal static LakeTableName ClassicPairs(string source) => new("features", source, ClassicPairsName);

    /// <summary>The feature view a model of this variant is bound to; of the classic variant, a name that no view has.</summary>
    internal static string FeatureView(string source, PurchaseVariant variant) =>
        variant == PurchaseVariant.Classic ? $"{source}_{ClassicPairsName}" : ComputedView.VisitorItem.NameOf(source);

    internal static string Model(string source, PurchaseVariant variant) =>
        variant == PurchaseVariant.Classic ? $"{ModelNames.PurchaseOf(source)}_classic" : ModelNames.PurchaseOf(source);
}
