using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Training.Leaks;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Registry;

namespace EcomWorkflows.Pipeline.Training.Purchase;

/// <summary>Inputs of <c>Ecom.TrainPurchase</c>.</summary>
public sealed record TrainPurchaseInputs
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

    [TaskInput("Seed of every random choice (folds, row and column samples). The same seed and training set give the same model.")]
    public int Seed { get; init; } = 42;

    [TaskInput("Combinations of settings to try for each learner, judged on later training cutoffs; 0 keeps the default settings.")]
    public int SearchTrials { get; init; }

    [TaskInput("What a leak sentinel does: stop fails the task and names the column, report only writes it down.")]
    public LeakPolicy OnLeak { get; init; }

    [TaskInput("Who promotes a version that passed all gates: automatic does it at once, approval leaves it challenger for Ecom.PromoteModel behind a Core.Approval.")]
    public PromotionMode Promotion { get; init; }

    [TaskInput("Whether only a model of a training set with a tag in the dataset repository may become champion.")]
    public bool RequireDatasetTag { get; init; } = true;

    internal TrainingSettings Settings => new()
    {
        Learners = Learners,
        Seed = Seed,
        SearchTrials = SearchTrials,
        OnLeak = OnLeak,
        Promotion = Promotion,
        RequireDatasetTag = RequireDatasetTag,
        Profit = null,
    };
}
