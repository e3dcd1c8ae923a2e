using EcomWorkflows.Pipeline.Training.Evaluation;
using EcomWorkflows.Pipeline.Training.Leaks;
using EcomWorkflows.Pipeline.Training.Registry;
using EcomWorkflows.Pipeline.Training.Search;

namespace EcomWorkflows.Pipeline.Training.Reports;

/// <summary>Everything a training run found out, ready to be shown.</summary>
/// <param name="Chosen">Learner of the registered model.</param>
/// <param name="Drivers">Of the registered model, the strongest first.</param>
/// <param name="Leaks">What the sentinels found, where the DAG went on all the same.</param>
/// <param name="Profit">Of the registered model on the test rows; null where no offer is at stake.</param>
/// <param name="Searches">One per learner whose settings were searched.</param>
/// <param name="SingleFeatures">How well each feature alone does on the test rows, the best first.</param>
public sealed record ModelReport(
    string ModelName,
    ModelPurpose Purpose,
    int OutcomeDays,
    ModelLineage Lineage,
    IReadOnlyList<TrainingPeriod> Periods,
    long TrainRows,
    long TrainPositives,
    IReadOnlyList<CandidateReport> Candidates,
    string Chosen,
    IReadOnlyList<Driver> Drivers,
    IReadOnlyList<SingleFeature> SingleFeatures,
    IReadOnlyList<LeakFinding> Leaks,
    ProfitCurve? Profit,
    IReadOnlyList<SearchResult> Searches,
    TrainingRecipe Recipe,
    PromotionDecision Promotion,
    DateTimeOffset CreatedAt)
{
    public CandidateReport ChosenCandidate => Candidates.First(candidate => candidate.Learner == Chosen);
}
