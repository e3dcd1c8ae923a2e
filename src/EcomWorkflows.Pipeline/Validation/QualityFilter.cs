namespace EcomWorkflows.Pipeline.Validation;

/// <summary>Which results to list; null means any.</summary>
/// <param name="Source">As in table names, for example <c>online_retail</c>.</param>
/// <param name="Limit">At most so many, the newest first.</param>
public sealed record QualityFilter(long? RunId = null, string? Source = null, string? Entity = null, int Limit = 100);
