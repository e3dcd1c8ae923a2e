using EcomWorkflows.Pipeline.Validation.Checks;
using EcomWorkflows.Pipeline.Validation.Profiling;

namespace EcomWorkflows.Pipeline.Validation.Proposal;

/// <summary>What a suite is proposed from: figures of one column.</summary>
/// <param name="Categories">Value (as JSON), rows, most first; null where there are too many to list.</param>
/// <param name="Shape">The one pattern all values have (digits 9, capitals A, small letters a), where there is one.</param>
/// <param name="Quantiles">1, 25, 50, 75 and 99 %; null for what is no number.</param>
internal sealed record ColumnFacts(
    TableColumn Column,
    long Rows,
    long Given,
    long Distinct,
    string? Min,
    string? Max,
    double? Mean,
    double? Deviation,
    IReadOnlyList<double>? Quantiles,
    long? ShortestText,
    long? LongestText,
    string? Shape,
    IReadOnlyList<(string Json, long Rows)>? Categories)
{
    /// <summary>Edges that cut the values into about equal parts, and the rows up to each and beyond the last; null where there are fewer than two edges.</summary>
    public (IReadOnlyList<double> Edges, IReadOnlyList<long> Rows)? Parts { get; init; }

    public ColumnKind Kind => Column.KindOf();

    public long Missing => Rows - Given;
}
