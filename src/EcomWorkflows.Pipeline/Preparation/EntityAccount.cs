namespace EcomWorkflows.Pipeline.Preparation;

/// <summary>Rows of one bronze entity.</summary>
/// <param name="RowsQuarantined">Rows of the bronze table that validation took out (lines that did not parse never were in it).</param>
/// <param name="RowsKept">What preparation got to see.</param>
public sealed record EntityAccount(string Entity, long RowsIn, long RowsQuarantined, long RowsKept);
