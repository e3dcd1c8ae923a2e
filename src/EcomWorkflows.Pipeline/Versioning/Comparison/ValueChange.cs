namespace EcomWorkflows.Pipeline.Versioning.Comparison;

/// <summary>A value of a changed row, as text.</summary>
public sealed record ValueChange(string Column, string? Before, string? After);
