using EcomWorkflows.Pipeline.Training.Metrics;

namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>One registered, immutable model.</summary>
/// <param name="Folder">Its folder, relative to <c>ECOM_HOME</c>.</param>
/// <param name="ModelSha256">Hash of the model's own file.</param>
/// <param name="Metrics">On the time-based test set it was registered with.</param>
public sealed record ModelVersion(
    string Name,
    int Version,
    string Learner,
    string Folder,
    string ModelSha256,
    IReadOnlyList<string> Features,
    float Threshold,
    IReadOnlyDictionary<string, string> Parameters,
    ModelMetrics Metrics,
    ModelLineage Lineage,
    DateTimeOffset CreatedAt);
