namespace EcomWorkflows.Pipeline.Validation.Profiling;

/// <summary>One bar of a column's distribution.</summary>
/// <param name="Label">The value, or the range it stands for.</param>
internal sealed record DistributionBar(string Label, long Rows);
