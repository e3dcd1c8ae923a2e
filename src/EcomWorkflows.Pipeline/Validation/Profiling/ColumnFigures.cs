using EcomWorkflows.Pipeline.Validation.Checks;

namespace EcomWorkflows.Pipeline.Validation.Profiling;

/// <summary>Figures of one column, read before anything is checked.</summary>
/// <param name="Given">Rows with a value.</param>
/// <param name="Distinct">Different values.</param>
/// <param name="DistinctIsExact">False where their number was estimated (within about 10 %).</param>
/// <param name="Low">The lower bound of a histogram: the 1st percentile of a number (of a sample where there are many rows), the earliest time as seconds since 1970; null for other types.</param>
/// <param name="High">The upper bound: the 99th percentile, or the latest time.</param>
/// <param name="Values">DuckDB table of the column's different values (<c>value</c>, <c>copies</c>); null where they are many.</param>
internal sealed record ColumnFigures(
    TableColumn Column, long Rows, long Given, long Distinct, bool DistinctIsExact, string? Min, string? Max, double? Mean, double? Low, double? High, string? Values)
{
    /// <summary>Equal bins of a histogram.</summary>
    public const int HistogramBins = 24;

    /// <summary>Rows in each of <see cref="HistogramBins"/> equal bins from <see cref="Low"/> to <see cref="High"/>, where they were counted on the way; the outer ones hold what lies outside as well.</summary>
    public IReadOnlyList<long>? Bins { get; init; }

    /// <summary>How wide each bin is.</summary>
    public static double BinWidth(double low, double high) => high > low ? (high - low) / HistogramBins : 1;
}
