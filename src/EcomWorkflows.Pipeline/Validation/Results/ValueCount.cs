namespace EcomWorkflows.Pipeline.Validation.Results;

/// <summary>A value that fails an expectation, as JSON, and how often.</summary>
internal sealed record ValueCount(string Value, long Count);
