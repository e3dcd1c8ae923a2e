namespace EcomWorkflows.Pipeline.Features;

/// <summary>The newest judgement of all features of a view version.</summary>
public sealed record FeatureDriftCheck(DateTimeOffset CheckedAt, DateTimeOffset AsOf, DateTimeOffset ReferenceAsOf, IReadOnlyList<FeatureDrift> Features);
