using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Training.Learners;

namespace EcomWorkflows.Pipeline.Training.Purchase;

/// <summary>Inputs of <c>Ecom.TrainPurchase</c>.</summary>
public sealed record TrainPurchaseInputs : TrainingInputs
{
    [TaskInput("Source whose purchase model is trained.", OptionsFrom = "sources")]
    public required string Source { get; init; }

    [TaskInput("As in Ecom.BuildPurchaseSet; the classic variant is a model of its own.")]
    public PurchaseVariant Variant { get; init; }

    [TaskInput(
        "Learners to fit; the one that ranks training pairs it has not seen best is registered.",
        Options = [
            LogisticRegressionLearner.LearnerName, GradientBoostingLearner.LearnerName, RandomForestLearner.LearnerName, ElasticNetLearner.LearnerName,
            AdaBoostLearner.LearnerName,
        ],
        UiHint = "checklist")]
    public IReadOnlyList<string> Learners { get; init; } = LearnerCatalog.Default;

    internal TrainingSettings Settings => SettingsWith(Learners, profit: null);
}
