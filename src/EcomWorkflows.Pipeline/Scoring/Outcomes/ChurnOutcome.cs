using EcomWorkflows.Pipeline.Training.Metrics;

namespace EcomWorkflows.Pipeline.Scoring.Outcomes;

/// <summary>What became of the customers of a scoring, once its outcome window had closed: a row of <c>gold.churn_outcome</c>.</summary>
/// <param name="OutcomeEnd">No label looks beyond it.</param>
/// <param name="MeanProbability">What was predicted.</param>
/// <param name="TrainedRate">Share of churners among the model's test customers.</param>
/// <param name="RateThreshold">What the realised share may differ from it at most: the larger of 0.05 and what chance gives.</param>
/// <param name="Metrics">Of the predictions against what happened.</param>
/// <param name="RocAuc">Null where all churned, or nobody.</param>
/// <param name="LabelDrift">The realised share of churners is another one than the model learned.</param>
/// <param name="Decayed">The model ranks customers worse than its test customers, by more than 0.05 and by more than chance explains.</param>
public sealed record ChurnOutcome(
    string Source,
    DateTimeOffset AsOf,
    string ModelName,
    int ModelVersion,
    DateTimeOffset OutcomeEnd,
    long Customers,
    long Churned,
    double MeanProbability,
    double TrainedRate,
    double RateThreshold,
    ModelMetrics Metrics,
    double? RocAuc,
    double TrainedRocAuc,
    bool LabelDrift,
    bool Decayed,
    long RunId,
    DateTimeOffset EvaluatedAt)
{
    private const double NoticeableRate = 0.05;

    private const double NoticeableRocAuc = 0.05;

    /// <summary>99.5 % quantile of the normal distribution: one false alarm in a hundred, both sides.</summary>
    private const double Z = 2.576;

    private const int Seed = 42;

    public double ChurnRate => (double)Churned / Customers;

    /// <summary>Judges the predictions of a scoring. Pure.</summary>
    /// <param name="trained">The version's figures on its test customers.</param>
    /// <param name="labels">Who churned; at least one customer.</param>
    internal static ChurnOutcome Of(
        ScoringSummary scoring, ModelMetrics trained, bool[] labels, float[] probabilities, long runId, DateTimeOffset evaluatedAt)
    {
        ModelMetrics metrics = ModelMetrics.Of(Ranking.Of(labels, probabilities), scoring.Threshold, Seed);
        double pooled = (metrics.Positives + trained.Positives) / (double)(metrics.Rows + trained.Rows);
        double chance = Z * Math.Sqrt(pooled * (1 - pooled) * ((1.0 / metrics.Rows) + (1.0 / trained.Rows)));
        double threshold = Math.Max(NoticeableRate, chance);
        bool ranks = metrics.Positives > 0 && metrics.Positives < metrics.Rows;
        return new ChurnOutcome(
            scoring.Source, scoring.AsOf, scoring.ModelName, scoring.ModelVersion, scoring.OutcomeEnd, metrics.Rows, metrics.Positives,
            probabilities.Average(probability => (double)probability), trained.BaseRate, threshold, metrics, ranks ? metrics.RocAuc : null, trained.RocAuc,
            Math.Abs(metrics.BaseRate - trained.BaseRate) > threshold,
            ranks && trained.RocAuc - metrics.RocAuc > NoticeableRocAuc && metrics.RocAucInterval.High < trained.RocAuc,
            runId, evaluatedAt);
    }
}
