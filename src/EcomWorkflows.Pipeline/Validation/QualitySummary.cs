namespace EcomWorkflows.Pipeline.Validation;

/// <summary>The outcome of validating one table in one run.</summary>
/// <param name="Outcome"><c>passed</c>, <c>warned</c> or <c>failed</c>.</param>
/// <param name="RowsRead">Rows of bronze plus lines that ingestion refused.</param>
/// <param name="ReportPath">Folder relative to ECOM_HOME, with <c>index.html</c>, <c>report.csv</c> and <c>result.json</c>.</param>
public sealed record QualitySummary(
    long ValidationResultId,
    long RunId,
    string DagId,
    string RunKey,
    string TaskId,
    long AttemptId,
    string Source,
    string Entity,
    string SuiteName,
    string Outcome,
    int EvaluatedExpectations,
    int SuccessfulExpectations,
    long RowsRead,
    long RowsRefused,
    long RowsQuarantined,
    long RowsKept,
    DateTimeOffset ValidatedAt,
    string ReportPath);
