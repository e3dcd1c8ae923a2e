namespace EcomWorkflows.Pipeline.Validation.RowRules;

/// <summary>Rows read together and validated by one thread.</summary>
internal sealed record RowBatch(IReadOnlyList<RowToValidate> Rows);
