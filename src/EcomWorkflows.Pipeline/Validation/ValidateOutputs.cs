namespace EcomWorkflows.Pipeline.Validation;

/// <summary>What <see cref="ValidateTask"/> found; there are no outputs where a critical expectation failed, since the task then fails.</summary>
/// <param name="RowsChecked">Rows of bronze plus lines that ingestion refused = <paramref name="RowsKept"/> + <paramref name="RowsQuarantined"/>.</param>
/// <param name="QuarantinedByReason">A row with several reasons counts in each.</param>
/// <param name="Outcome"><c>passed</c> or <c>warned</c>.</param>
/// <param name="Success">Whether every expectation holds, warnings included.</param>
/// <param name="ReportPath">Folder relative to ECOM_HOME with <c>index.html</c>; null where the source has no such entity.</param>
public sealed record ValidateOutputs(
    long RowsChecked,
    long RowsQuarantined,
    IReadOnlyDictionary<string, long> QuarantinedByReason,
    long RowsKept,
    bool Success,
    string Outcome,
    int Expectations,
    int FailedExpectations,
    string? ReportPath,
    long? ValidationResultId,
    long QuarantineSnapshotId);
