using System.Text.Json;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Training.Metrics;

namespace EcomWorkflows.Pipeline.Scoring.Outcomes;

/// <summary>A row of <c>gold.churn_outcome</c>.</summary>
internal sealed class ChurnOutcomeRow
{
    public required string Source { get; init; }

    public required DateTime AsOf { get; init; }

    public required string ModelName { get; init; }

    public required int ModelVersion { get; init; }

    public required DateTime OutcomeEnd { get; init; }

    public required long Customers { get; init; }

    public required long Churned { get; init; }

    public required double MeanProbability { get; init; }

    public required double TrainedRate { get; init; }

    public required double RateThreshold { get; init; }

    public required string Metrics { get; init; }

    public double? RocAuc { get; init; }

    public required double TrainedRocAuc { get; init; }

    public required bool LabelDrift { get; init; }

    public required bool Decayed { get; init; }

    public required long RunId { get; init; }

    public required DateTime EvaluatedAt { get; init; }

    public ChurnOutcome ToOutcome() => new(
        Source, new DateTimeOffset(AsOf), ModelName, ModelVersion, new DateTimeOffset(OutcomeEnd), Customers, Churned, MeanProbability, TrainedRate,
        RateThreshold, JsonSerializer.Deserialize<ModelMetrics>(Metrics, TaskJson.Options)!, RocAuc, TrainedRocAuc, LabelDrift, Decayed, RunId, new DateTimeOffset(EvaluatedAt));
}
