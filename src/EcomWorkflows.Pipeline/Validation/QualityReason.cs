namespace EcomWorkflows.Pipeline.Validation;

/// <summary>Rows quarantined for one reason; a row with several reasons counts in each.</summary>
public sealed record QualityReason(string Source, string Entity, string Code, long Rows);
