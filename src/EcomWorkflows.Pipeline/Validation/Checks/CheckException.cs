namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>A check cannot be made on this table (a column or a referred table is missing); its expectation counts as failed critically.</summary>
internal sealed class CheckException(string message) : Exception(message);
