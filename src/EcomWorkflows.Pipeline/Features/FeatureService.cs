namespace EcomWorkflows.Pipeline.Features;

/// <summary>The set of features one model uses.</summary>
public sealed record FeatureService(string Name, string Description, string Owner, IReadOnlyList<FeatureReference> Features);
