using EcomWorkflows.Pipeline.Validation.Checks;

namespace EcomWorkflows.Pipeline.Validation.Profiling;

/// <summary>What a column holds.</summary>
/// <param name="DistinctIsExact">False where the number of different values was estimated (within about 10 %).</param>
/// <param name="Ordered">Whether the bars follow the value (a histogram) rather than the frequency.</param>
internal sealed record ColumnProfile(
    TableColumn Column,
    long Rows,
    long Nulls,
    long Distinct,
    bool DistinctIsExact,
    string? Min,
    string? Max,
    double? Mean,
    bool Ordered,
    IReadOnlyList<DistributionBar> Bars);
