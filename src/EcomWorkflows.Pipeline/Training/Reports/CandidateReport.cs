using EcomWorkflows.Pipeline.Training.Evaluation;
using EcomWorkflows.Pipeline.Training.Metrics;

namespace EcomWorkflows.Pipeline.Training.Reports;

/// <summary>What the report shows of one learner.</summary>
/// <param name="PredictTime">Wall time of predicting the test rows.</param>
/// <param name="Ranking">Of the test rows.</param>
public sealed record CandidateReport(
    string Learner,
    IReadOnlyDictionary<string, string> Parameters,
    FitProtocol Protocol,
    double ValidationRocAuc,
    TimeSpan FitTime,
    TimeSpan PredictTime,
    ModelMetrics Test,
    IReadOnlyList<RocCurve.Point> Roc,
    IReadOnlyList<Calibration.Group> Calibration,
    Ranking Ranking);
