using System.Text.Json;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Training.Metrics;

namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>A row of <c>registry.model_version</c>.</summary>
internal sealed class ModelVersionRow
{
    public required string Name { get; init; }

    public required int Version { get; init; }

    public required string Learner { get; init; }

    public required string Folder { get; init; }

    public required string ModelSha256 { get; init; }

    public required string[] Features { get; init; }

    public required float Threshold { get; init; }

    public required string Parameters { get; init; }

    public required string Metrics { get; init; }

    public required long TrainingSnapshotId { get; init; }

    public string? DatasetTag { get; init; }

    public string? DatasetCommit { get; init; }

    public required string FeatureView { get; init; }

    public int? FeatureViewVersion { get; init; }

    public required DateTime TrainCutoff { get; init; }

    public required DateTime TestCutoff { get; init; }

    public required long RunId { get; init; }

    public required long AttemptId { get; init; }

    public required DateTime CreatedAt { get; init; }

    public required string Source { get; init; }

    public required string DagId { get; init; }

    public required string RunKey { get; init; }

    public ModelVersion ToVersion() => new(
        Name,
        Version,
        Learner,
        Folder,
        ModelSha256,
        Features,
        Threshold,
        JsonSerializer.Deserialize<Dictionary<string, string>>(Parameters, TaskJson.Options)!,
        JsonSerializer.Deserialize<ModelMetrics>(Metrics, TaskJson.Options)!,
        new ModelLineage(
            Source, TrainingSnapshotId, DatasetTag, DatasetCommit, FeatureView, FeatureViewVersion, TrainCutoff, TestCutoff, DagId, RunKey, RunId, AttemptId),
        CreatedAt);
}
