namespace EcomWorkflows.Pipeline.Validation.Replay;

/// <summary>What <see cref="ReplayQuarantineTask"/> did.</summary>
/// <param name="RowsBefore">Rows and refused lines in quarantine before.</param>
/// <param name="RowsReleased">Of these, rows that now pass and are let in.</param>
/// <param name="RowsHeld">Of these, rows that stay.</param>
/// <param name="RowsNewlyHeld">Rows that were let in before and now fail: a rule became stricter.</param>
/// <param name="FilesReread">Raw files read anew because the mapping reads them differently now.</param>
/// <param name="Outcome"><c>passed</c>, <c>warned</c>, or <c>nothing to do</c> where nothing was in quarantine, read differently or newly held.</param>
/// <param name="ReportPath">Folder relative to ECOM_HOME with <c>index.html</c> and <c>released.csv</c>; null where there was nothing to do.</param>
public sealed record ReplayOutputs(
    long RowsBefore, long RowsReleased, long RowsHeld, long RowsNewlyHeld, int FilesReread, string Outcome, string? ReportPath, long? ValidationResultId);
