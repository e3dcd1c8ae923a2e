using EcomWorkflows.Pipeline.Training.Evaluation;
using EcomWorkflows.Pipeline.Training.Registry;

namespace EcomWorkflows.Pipeline.Training.Reports;

/// <summary>Everything a training run found out, ready to be shown.</summary>
/// <param name="Chosen">Learner of the registered model.</param>
/// <param name="Drivers">Of the registered model, the strongest first.</param>
/// <param name="SingleFeatures">How well each feature alone does on the test rows, the best first.</param>
public sealed record ModelReport(
    string ModelName,
    string SourceDescription,
    int OutcomeDays,
    ModelLineage Lineage,
    long TrainRows,
    long TrainPositives,
    IReadOnlyList<CandidateReport> Candidates,
    string Chosen,
    IReadOnlyList<Driver> Drivers,
    IReadOnlyList<SingleFeature> SingleFeatures,
    PromotionDecision Promotion,
    DateTimeOffset CreatedAt)
{
    public CandidateReport ChosenCandidate => Candidates.First(candidate => candidate.Learner == Chosen);
}
