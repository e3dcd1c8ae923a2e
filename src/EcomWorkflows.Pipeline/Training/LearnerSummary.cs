using EcomWorkflows.Pipeline.Training.Metrics;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>The figures of one learner on the test rows.</summary>
/// <param name="PredictSeconds">Wall time of predicting them.</param>
public sealed record LearnerSummary(
    string Learner,
    double RocAuc,
    double PrAuc,
    double F1,
    double Precision,
    double Recall,
    double Accuracy,
    double Brier,
    double LogLoss,
    double LiftAt10Percent,
    double Threshold,
    double FitSeconds,
    double PredictSeconds)
{
    internal static LearnerSummary Of(string learner, ModelMetrics metrics, TimeSpan fitTime, TimeSpan predictTime) => new(
        learner, metrics.RocAuc, metrics.PrAuc, metrics.F1, metrics.Precision, metrics.Recall, metrics.Accuracy, metrics.Brier, metrics.LogLoss,
        metrics.LiftAt10Percent, metrics.Threshold, fitTime.TotalSeconds, predictTime.TotalSeconds);
}
