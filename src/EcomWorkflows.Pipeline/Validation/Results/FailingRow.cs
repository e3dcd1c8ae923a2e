namespace EcomWorkflows.Pipeline.Validation.Results;

/// <summary>A row that fails an expectation.</summary>
/// <param name="Value">The value that fails, as JSON.</param>
internal sealed record FailingRow(string File, long Line, string Value, string Message);
