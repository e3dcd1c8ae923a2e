namespace EcomWorkflows.Pipeline.Features;

/// <summary>A model version and the service version it was trained on.</summary>
public sealed record FeatureModelUse(string Service, int ServiceVersion, string Model, int ModelVersion);
