namespace EcomWorkflows.Pipeline.Validation;

/// <summary>How an expectation came out in an earlier run.</summary>
/// <param name="Code">Reason code it had in that run.</param>
/// <param name="UnexpectedCount">Rows that failed; null for expectations about a figure.</param>
/// <param name="Considered">Rows it was about, missing ones left out; null for expectations about a figure.</param>
/// <param name="Observed">The figure, where it was one number.</param>
public sealed record PastExpectation(string Code, bool Success, long? UnexpectedCount, long? Considered, double? Observed)
{
    /// <summary>Failing rows as a share of those considered.</summary>
    public double? UnexpectedShare => UnexpectedCount is { } failed && Considered is { } rows and > 0 ? (double)failed / rows : null;
}
