using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Training.Evaluation;
using EcomWorkflows.Pipeline.Training.Learners;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>Inputs of <c>Ecom.TrainChurn</c>.</summary>
public sealed record TrainChurnInputs : TrainingInputs
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

    /// <summary>For the profit curve of the report.</summary>
    [TaskInputGroup]
    public ProfitAssumptions Offer { get; init; } = new();

    internal TrainingSettings Settings => SettingsWith(Learners, Offer);
}
