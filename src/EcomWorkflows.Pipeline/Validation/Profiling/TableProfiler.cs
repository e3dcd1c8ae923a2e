using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation.Checks;

namespace EcomWorkflows.Pipeline.Validation.Profiling;

/// <summary>Describes each column of the view <c>batch</c>: its figures, and its distribution from the values that were counted, or from one narrow scan.</summary>
internal sealed class TableProfiler(DuckDbConnection duck)
{
    private const int ValueBars = 10;

    /// <summary>Up to this many different values a number is shown value by value.</summary>
    private const long FewValues = 12;

    public IReadOnlyList<ColumnProfile> Profile(IReadOnlyList<ColumnFigures> columns, CancellationToken cancellationToken) =>
        [.. columns.Select(f => new ColumnProfile(
            f.Column, f.Rows, f.Rows - f.Given, f.Distinct, f.DistinctIsExact, f.Min, f.Max, f.Mean, Ordered(f), f.Given == 0 ? [] : Bars(f, cancellationToken)))];

    private static bool Ordered(ColumnFigures f) =>
        f.Column.KindOf() == ColumnKind.Time || (f.Column.KindOf() == ColumnKind.Number && f.Distinct > FewValues);

    private IReadOnlyList<DistributionBar> Bars(ColumnFigures f, CancellationToken cancellationToken) => f.Column.KindOf() switch
    {
        ColumnKind.Other => [],
        _ => Ordered(f) ? Histogram(f, cancellationToken) : Values(f, cancellationToken),
    };

    /// <summary>The rows of a column with each value, as a relation (value, copies): the values that were counted, or all rows.</summary>
    private static string Relation(ColumnFigures f) => f.Values ?? $"(select {DuckDbSql.Identifier(f.Column.Name)} as value, 1 as copies from {ValidatedTable.Batch})";

    private static string Rows(ColumnFigures f) => f.Values is null ? "count(*)" : "sum(copies)::bigint";

    /// <summary>Equal bins between the bounds; what lies outside counts in the first and the last one, so that a single outlier does not flatten the picture.</summary>
    private List<DistributionBar> Histogram(ColumnFigures f, CancellationToken cancellationToken)
    {
        if (f.Low is not { } from || f.High is not { } to || !double.IsFinite(from) || !double.IsFinite(to))
            return [];
        var (kind, width) = (f.Column.KindOf(), ColumnFigures.BinWidth(from, to));
        var counts = f.Bins ?? CountBins(f, from, width, cancellationToken);
        return [.. counts.Select((rows, bin) => new DistributionBar(Label(kind, from + (bin * width), from + ((bin + 1) * width), f.Column.Type == "DATE"), rows))];
    }

    private IReadOnlyList<long> CountBins(ColumnFigures f, double from, double width, CancellationToken cancellationToken)
    {
        var number = f.Column.KindOf() == ColumnKind.Time ? "epoch(value)" : "value::double";
        // As the smallest type the bin is counted in an array, not in a hash table.
        var counts = duck.QueryRows(
            $"""
            select
              least({ColumnFigures.HistogramBins - 1}, greatest(0, floor(({number} - $from) / $width)))::utinyint as bin,
              {Rows(f)}
            from {Relation(f)}
            where value is not null
              and isfinite({number})
            group by bin
            """,
            row => (Bin: row.Get<int>(0), Rows: row.Get<long>(1)), new { from, width }, cancellationToken).ToDictionary(bin => bin.Bin, bin => bin.Rows);
        return [.. Enumerable.Range(0, ColumnFigures.HistogramBins).Select(bin => counts.GetValueOrDefault(bin))];
    }

    private static string Label(ColumnKind kind, double from, double to, bool wholeDays) =>
        kind == ColumnKind.Time ? $"{Moment(from, wholeDays)} to {Moment(to, wholeDays)}" : $"{from:G5} to {to:G5}";

    private static string Moment(double epoch, bool wholeDays) =>
        DateTime.UnixEpoch.AddSeconds(Math.Clamp(epoch, -62_135_596_800, 253_402_300_799)).ToString(wholeDays ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm");

    /// <summary>The most frequent values: where they are many, chosen by an estimate, then counted exactly.</summary>
    private List<DistributionBar> Values(ColumnFigures f, CancellationToken cancellationToken)
    {
        var among = f.DistinctIsExact
            ? ""
            : $"where value in (select unnest(approx_top_k({DuckDbSql.Identifier(f.Column.Name)}, {ValueBars})) from {ValidatedTable.Batch})";
        return [.. duck.QueryRows(
            $"""
            select coalesce(left(value::varchar, 60), '(missing)') as label, {Rows(f)} as rows
            from {Relation(f)}
            {among}
            group by value
            order by rows desc, label
            limit {ValueBars}
            """,
            row => new DistributionBar(row.Get<string>(0), row.Get<long>(1)), ct: cancellationToken)];
    }
}
