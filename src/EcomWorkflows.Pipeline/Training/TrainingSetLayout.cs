using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Training.Leaks;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>Which columns of a training set are no features.</summary>
/// <param name="Label">1 where the outcome came true.</param>
/// <param name="Keys">What identifies a row, label and moment included.</param>
/// <param name="RepeatsCustomers">Whether a customer has several rows at one cutoff.</param>
internal sealed record TrainingSetLayout(string Label, IReadOnlyList<string> Keys, bool RepeatsCustomers)
{
    internal static TrainingSetLayout Churn { get; } = new("churned", TrainingSetSql.KeyColumns, RepeatsCustomers: false);

    /// <summary>One row per visitor and item.</summary>
    internal static TrainingSetLayout Purchase { get; } =
        new("bought", ["customer_id", "product_id", "split", FeatureTimeSentinel.Cutoff, FeatureTimeSentinel.AsOf, "bought"], RepeatsCustomers: true);

    /// <summary>The layout of a stored training set, by its label.</summary>
    internal static TrainingSetLayout Of(IReadOnlyList<LakeColumn> columns) => columns.Any(column => column.Name == Purchase.Label) ? Purchase : Churn;
}
