namespace EcomWorkflows.Pipeline.Features;

/// <summary>Something features are about.</summary>
/// <param name="JoinKey">Its column in tables and its name in requests.</param>
public sealed record FeatureEntity(string Name, string JoinKey, string Description);
