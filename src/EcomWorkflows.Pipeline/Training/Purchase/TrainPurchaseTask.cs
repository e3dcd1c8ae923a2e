using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Sources;
using EcomWorkflows.Pipeline.Training.Reports;

namespace EcomWorkflows.Pipeline.Training.Purchase;

/// <summary>Trains the purchase learners, tests them on a later period, registers the best and lets it challenge the champion.</summary>
[TaskType("Ecom.TrainPurchase", DisplayName = "Train purchase model", Category = "Training", Description =
    "Fits the chosen learners on pairs of visitor and item, evaluates them on the pairs of a later cutoff, registers the best one with report and model card, and makes it champion when it passes the promotion gates. A leak sentinel stops it and names the column.")]
public sealed class TrainPurchaseTask(SourceCatalog sources, ModelTraining training) : ITask<TrainPurchaseInputs, TrainingOutputs>
{
    public Task<TaskResult<TrainingOutputs>> RunAsync(TrainPurchaseInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        SourceMapping mapping = sources.Get(inputs.Source);
        (string source, PurchaseVariant variant) = (mapping.Source, inputs.Variant);
        var problem = new TrainingProblem(
            source, PurchaseTables.Model(source, variant), Purpose(mapping, variant), PurchaseTables.TrainingSet(source, variant), PurchaseTables.FeatureView(source, variant),
            mapping.Purchase.OutcomeDays, mapping.Purchase.EmbargoDays);
        return training.RunAsync(problem, inputs.Settings, context, cancellationToken);
    }

    private static ModelPurpose Purpose(SourceMapping mapping, PurchaseVariant variant) => variant == PurchaseVariant.Classic
        ? ModelPurpose.ClassicPurchase(mapping.Source, mapping.Description)
        : ModelPurpose.Purchase(mapping.Source, mapping.Description, mapping.Purchase.OutcomeDays, mapping.Purchase.CandidateDays);
}
