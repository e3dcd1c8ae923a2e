using EcomWorkflows.Pipeline.Validation.Profiling;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Results;

/// <summary>Everything a validation found.</summary>
/// <param name="RowsRead">Rows of bronze plus lines that ingestion refused.</param>
/// <param name="RowsQuarantined">Different rows and lines in quarantine.</param>
/// <param name="Reasons">Quarantined rows by reason, most first.</param>
internal sealed record ValidationResult(
    ExpectationSuite Suite,
    IReadOnlyList<ExpectationResult> Expectations,
    long RowsRead,
    long RowsRefused,
    long RowsQuarantined,
    IReadOnlyList<QuarantineCount> Reasons)
{
    /// <summary>What each column holds.</summary>
    public IReadOnlyList<ColumnProfile> Columns { get; init; } = [];

    /// <summary>The figures that could be compared with the runs before.</summary>
    public IReadOnlyList<Anomaly> Anomalies { get; init; } = [];

    public long RowsKept => RowsRead - RowsQuarantined;

    public int Successful => Expectations.Count(expectation => expectation.Success);

    /// <summary>Great Expectations' success: every expectation holds.</summary>
    public bool Success => Successful == Expectations.Count;

    public IReadOnlyList<ExpectationResult> Stopping => [.. Expectations.Where(expectation => expectation.StopsTheRun)];

    public ValidationOutcome Outcome =>
        Success ? ValidationOutcome.Passed
        : Stopping.Count > 0 ? ValidationOutcome.Failed
        : ValidationOutcome.Warned;
}
