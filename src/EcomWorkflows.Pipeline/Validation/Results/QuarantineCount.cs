namespace EcomWorkflows.Pipeline.Validation.Results;

/// <summary>Rows quarantined for one reason; a row with several reasons counts in each.</summary>
internal sealed record QuarantineCount(string Code, long Rows);
