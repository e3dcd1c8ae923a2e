namespace EcomWorkflows.Pipeline.Features;

/// <summary>One materialisation of a view.</summary>
/// <param name="AsOf">Time the values belong to; of a view that is not computed for as-of times, the newest of them.</param>
public sealed record FeatureMaterialization(int Version, DateTimeOffset AsOf, long Rows, bool Online, long RunId, DateTimeOffset CreatedAt);
