using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Training.Purchase;

/// <summary>Names of what the purchase problem of a source is stored under.</summary>
internal static class PurchaseTables
{
    internal const string TrainingSetName = "purchase_training_set";

    internal const string ClassicTrainingSetName = "purchase_classic_training_set";

    internal static bool IsTrainingSet(string table) => table is TrainingSetName or ClassicTrainingSetName;

    /// <summary>Labelled pairs at the training and test cutoffs.</summary>
    internal static LakeTableName TrainingSet(string source, PurchaseVariant variant) =>
        new("gold", source, variant == PurchaseVariant.Classic ? ClassicTrainingSetName : TrainingSetName);

    /// <summary>Pairs to score, as of the newest day.</summary>
    internal static LakeTableName Pairs(string source, PurchaseVariant variant) =>
        new("features", source, variant == PurchaseVariant.Classic ? "visitor_item_classic" : "visitor_item");

    /// <summary>The feature view a model of this variant is bound to.</summary>
    internal static string FeatureView(string source, PurchaseVariant variant) => $"{source}_{Pairs(source, variant).Name}";

    internal static string Model(string source, PurchaseVariant variant) =>
        variant == PurchaseVariant.Classic ? $"{ModelNames.PurchaseOf(source)}_classic" : ModelNames.PurchaseOf(source);
}
