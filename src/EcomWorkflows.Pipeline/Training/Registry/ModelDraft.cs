using EcomWorkflows.Pipeline.Training.Metrics;

namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>A model ready to be registered: everything of a <see cref="ModelVersion"/> but its number.</summary>
/// <param name="StagingFolder">Absolute path of the written folder; registering moves it to its final place.</param>
public sealed record ModelDraft(
    string Name,
    string StagingFolder,
    string Learner,
    string ModelSha256,
    IReadOnlyList<string> Features,
    float Threshold,
    IReadOnlyDictionary<string, string> Parameters,
    ModelMetrics Metrics,
    ModelLineage Lineage,
    DateTimeOffset CreatedAt);
