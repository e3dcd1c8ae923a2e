namespace EcomWorkflows.Pipeline.Validation.RowRules;

/// <summary>A validator threw instead of judging a row; its expectations count as failed critically.</summary>
internal sealed class RowValidatorException(string message, Exception cause) : Exception(message, cause);
