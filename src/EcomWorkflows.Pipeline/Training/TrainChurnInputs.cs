using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Training.Evaluation;
using EcomWorkflows.Pipeline.Training.Leaks;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Registry;

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

    [TaskInput("Combinations of settings to try for each learner, judged on later training cutoffs; 0 keeps the default settings.")]
    public int SearchTrials { get; init; }

    [TaskInput("What a leak sentinel does: stop fails the task and names the column, report only writes it down.")]
    public LeakPolicy OnLeak { get; init; }

    [TaskInput("Who promotes a version that passed all gates: automatic does it at once, approval leaves it challenger for Ecom.PromoteModel behind a Core.Approval.")]
    public PromotionMode Promotion { get; init; }

    [TaskInput("Whether only a model of a training set with a tag in the dataset repository may become champion.")]
    public bool RequireDatasetTag { get; init; } = true;

    [TaskInput("Value of a customer who is kept, for the profit curve, in the shop's currency.")]
    public double CustomerValue { get; init; } = 100;

    [TaskInput("Cost of a retention offer, paid when it is taken.")]
    public double OfferCost { get; init; } = 10;

    [TaskInput("Cost of contacting one customer.")]
    public double ContactCost { get; init; } = 1;

    [TaskInput("Share of churners an offer keeps, 0 to 1.")]
    public double SaveRate { get; init; } = 0.3;

    [TaskInput("Share of customers who would stay anyway and take the offer, 0 to 1.")]
    public double StayerTakeRate { get; init; } = 0.5;

    internal TrainingSettings Settings => new()
    {
        Learners = Learners,
        Seed = Seed,
        SearchTrials = SearchTrials,
        OnLeak = OnLeak,
        Promotion = Promotion,
        RequireDatasetTag = RequireDatasetTag,
        Profit = new ProfitAssumptions
        {
            CustomerValue = CustomerValue, OfferCost = OfferCost, ContactCost = ContactCost, SaveRate = SaveRate, StayerTakeRate = StayerTakeRate,
        },
    };
}
