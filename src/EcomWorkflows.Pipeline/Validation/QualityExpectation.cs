namespace EcomWorkflows.Pipeline.Validation;

/// <summary>What was found for one expectation.</summary>
/// <param name="ExceptionMessage">Why it could not be checked; null when it was.</param>
/// <param name="UnexpectedCount">Rows that fail; null for expectations about a figure.</param>
/// <param name="ObservedValue">The figure as JSON; null for expectations about rows.</param>
/// <param name="Resolution"><c>none needed</c>, <c>quarantined</c>, <c>accepted</c>, <c>run stopped</c> or <c>not checked</c>.</param>
public sealed record QualityExpectation(
    int Ordinal,
    string ExpectationKey,
    string Type,
    string Statement,
    string Code,
    string Severity,
    string OnFail,
    double Mostly,
    bool Success,
    string? ExceptionMessage,
    long? ElementCount,
    long? MissingCount,
    long? UnexpectedCount,
    string? ObservedValue,
    string Resolution);
