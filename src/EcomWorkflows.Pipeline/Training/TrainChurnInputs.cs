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

    internal TrainingSettings Settings => SettingsWith(Learners, new ProfitAssumptions
    {
        CustomerValue = CustomerValue, OfferCost = OfferCost, ContactCost = ContactCost, SaveRate = SaveRate, StayerTakeRate = StayerTakeRate,
    });
}
