using EcomWorkflows.Pipeline.Training.Metrics;

namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>What fitting a registered version again gave.</summary>
/// <param name="Data">Which training data was used, in words.</param>
/// <param name="Sha256">Of the new model file.</param>
/// <param name="SameFile">Byte for byte the registered one.</param>
/// <param name="SameMetrics">The same figures on the same test rows.</param>
public sealed record ReproducedModel(string Data, string Sha256, bool SameFile, bool SameMetrics, float Threshold, ModelMetrics Metrics);
