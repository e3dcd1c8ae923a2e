namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>How the data of an entity did in the run's validation.</summary>
/// <param name="Outcome"><c>passed</c>, <c>warned</c> or <c>failed</c>.</param>
/// <param name="ResultId">Id in <c>quality.validation_result</c>.</param>
public sealed record DatasetValidation(string Entity, string Outcome, string Suite, long RowsRead, long RowsQuarantined, long ResultId);
