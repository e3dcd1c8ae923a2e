namespace EcomWorkflows.Pipeline.Features;

/// <summary>A row as it is served.</summary>
/// <param name="Keys">One per entity of the view.</param>
public sealed record FeatureSample(IReadOnlyList<string> Keys, DateTimeOffset EventTimestamp, IReadOnlyList<object?> Values);
