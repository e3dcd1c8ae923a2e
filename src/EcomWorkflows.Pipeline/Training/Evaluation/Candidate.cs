using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Metrics;

namespace EcomWorkflows.Pipeline.Training.Evaluation;

/// <summary>A fitted learner with the figures that speak for or against it.</summary>
/// <param name="Threshold">Chosen on training rows the predicting model had not seen.</param>
/// <param name="ValidationRocAuc">Of those same predictions; learners are compared by it, so the test set does not take part in the choice.</param>
/// <param name="FitTime">Wall time of all fits of the protocol.</param>
public sealed record Candidate(
    FittedModel Model,
    IReadOnlyDictionary<string, string> Parameters,
    FitProtocol Protocol,
    float Threshold,
    double ValidationRocAuc,
    TimeSpan FitTime) : IDisposable
{
    /// <summary>Figures on rows after the training period.</summary>
    public ModelMetrics Evaluate(LabelledTable test, int seed, out Ranking ranking)
    {
        ranking = Ranking.Of(test.Labels, Model.Predict(test.Features));
        return ModelMetrics.Of(ranking, Threshold, seed);
    }

    public void Dispose() => Model.Dispose();
}
