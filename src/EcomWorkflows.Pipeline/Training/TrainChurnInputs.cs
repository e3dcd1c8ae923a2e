using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Training.Learners;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>Inputs of <c>Ecom.TrainChurn</c>.</summary>
public sealed record TrainChurnInputs
{
    [TaskInput("Source whose churn model is trained.", OptionsFrom = "sources")]
    public required string Source { get; init; }

    [TaskInput(
        "Learners to fit; the one that ranks training customers it has not seen best is registered. The default two are worth their time every day.",
        Options = [
            LogisticRegressionLearner.LearnerName, GradientBoostingLearner.LearnerName, RandomForestLearner.LearnerName, ElasticNetLearner.LearnerName,
            AdaBoostLearner.LearnerName, RecencyLearner.LearnerName,
        ],
        UiHint = "checklist")]
    public IReadOnlyList<string> Learners { get; init; } = LearnerCatalog.Default;

    [TaskInput("Seed of every random choice (folds, row and column samples). The same seed and training set give the same model.")]
    public int Seed { get; init; } = 42;
}
