namespace EcomWorkflows.Server.Api.Quality;

/// <summary>Something wrong with the data of a run, and what became of it.</summary>
/// <param name="Table">Lake table it was found in.</param>
/// <param name="Rows">Rows concerned; null where it is about the table as a whole.</param>
/// <param name="Resolution"><c>quarantined</c>, <c>dropped</c>, <c>imputed</c>, <c>accepted</c>, <c>run stopped</c> or <c>not checked</c>.</param>
internal sealed record QualityIssue(string Table, string Code, string Severity, long? Rows, string Resolution, string Statement);
