namespace EcomWorkflows.Pipeline.Validation;

/// <summary>What one earlier run found in a table.</summary>
/// <param name="RowsRead">Rows of bronze plus lines that ingestion refused.</param>
/// <param name="Expectations">By expectation key.</param>
/// <param name="Columns">By name.</param>
public sealed record PastRun(
    long ValidationResultId,
    long RunId,
    string RunKey,
    DateTimeOffset ValidatedAt,
    string Outcome,
    long RowsRead,
    long RowsRefused,
    long RowsQuarantined,
    IReadOnlyDictionary<string, PastExpectation> Expectations,
    IReadOnlyDictionary<string, PastColumn> Columns);
