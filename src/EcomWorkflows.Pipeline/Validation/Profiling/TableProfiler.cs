using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation.Checks;

namespace EcomWorkflows.Pipeline.Validation.Profiling;

/// <summary>Describes each column of the view <c>batch</c>: one scan for the figures, one narrow scan per column for its distribution.</summary>
internal sealed class TableProfiler(DuckDbConnection duck)
{
    private const int HistogramBars = 24;
    private const int ValueBars = 10;

    /// <summary>Up to this many different values a number is shown value by value.</summary>
    private const long FewValues = 12;

    /// <summary>Above this the number of different values is left as an estimate: counting them exactly would cost more than all checks together.</summary>
    private const long ExactDistinctUpTo = 20_000;

    public IReadOnlyList<ColumnProfile> Profile(IReadOnlyList<TableColumn> columns, CancellationToken cancellationToken)
    {
        if (columns.Count == 0)
            return [];
        var figures = Figures(columns, cancellationToken);
        Exact(figures, cancellationToken);
        return [.. figures.Select(f => new ColumnProfile(
            f.Column, f.Rows, f.Rows - f.Given, f.Distinct, f.Distinct <= ExactDistinctUpTo, f.Min, f.Max, f.Mean, Ordered(f),
            f.Given == 0 ? [] : Bars(f, cancellationToken)))];
    }

    private List<ColumnFigures> Figures(IReadOnlyList<TableColumn> columns, CancellationToken cancellationToken)
    {
        var expressions = columns.Select(column =>
        {
            var id = DuckDbSql.Identifier(column.Name);
            var comparable = column.KindOf() != ColumnKind.Other;
            var number = column.KindOf() == ColumnKind.Number;
            return $"""
                  count({id}), approx_count_distinct({id}), {(comparable ? $"left(min({id})::varchar, 200), left(max({id})::varchar, 200)" : "null, null")},
                  {(number ? $"avg({id}), approx_quantile({id}::double, [0.01, 0.99])" : "null::double, null::double[]")}
                """;
        });
        using var reader = duck.Query(
            $"""
            select
              count(*),
            {string.Join(",\n", expressions)}
            from {ValidatedTable.Batch}
            """, ct: cancellationToken);
        reader.Read();
        var rows = reader.Get<long>(0);
        return [.. columns.Select((column, index) =>
        {
            var first = 1 + (index * 6);
            var quantiles = reader.IsNull(first + 5) ? null : (object?[])reader.GetValue(first + 5)!;
            return new ColumnFigures(
                column, rows, reader.Get<long>(first), Math.Min(reader.Get<long>(first), reader.Get<long>(first + 1)), reader.Get<string?>(first + 2), reader.Get<string?>(first + 3),
                reader.Get<double?>(first + 4), quantiles?[0] as double?, quantiles?[1] as double?);
        })];
    }

    private void Exact(List<ColumnFigures> figures, CancellationToken cancellationToken)
    {
        var few = figures.Index().Where(f => f.Item.Distinct <= ExactDistinctUpTo).ToList();
        if (few.Count == 0)
            return;
        using var reader = duck.Query(
            $"""
            select {string.Join(", ", few.Select(f => $"count(distinct {DuckDbSql.Identifier(f.Item.Column.Name)})"))}
            from {ValidatedTable.Batch}
            """, ct: cancellationToken);
        reader.Read();
        foreach (var (position, (index, item)) in few.Index())
            figures[index] = item with { Distinct = reader.Get<long>(position) };
    }

    private static bool Ordered(ColumnFigures f) =>
        f.Column.KindOf() == ColumnKind.Time || (f.Column.KindOf() == ColumnKind.Number && f.Distinct > FewValues);

    private IReadOnlyList<DistributionBar> Bars(ColumnFigures f, CancellationToken cancellationToken) => f.Column.KindOf() switch
    {
        ColumnKind.Time => Histogram($"epoch({DuckDbSql.Identifier(f.Column.Name)})", null, f.Column.Type == "DATE", f, cancellationToken),
        ColumnKind.Number when Ordered(f) => Histogram($"{DuckDbSql.Identifier(f.Column.Name)}::double", (f.Low, f.High), false, f, cancellationToken),
        ColumnKind.Other => [],
        _ => Values(f, cancellationToken),
    };

    /// <summary>Equal bins between the bounds; what lies outside counts in the first and the last one, so that a single outlier does not flatten the picture.</summary>
    private List<DistributionBar> Histogram(string number, (double? Low, double? High)? bounds, bool wholeDays, ColumnFigures f, CancellationToken cancellationToken)
    {
        var (low, high) = bounds ?? duck.QueryRows(
            $"select min({number}), max({number}) from {ValidatedTable.Batch}", row => (row.Get<double?>(0), row.Get<double?>(1)), ct: cancellationToken)[0];
        if (low is not { } from || high is not { } to || !double.IsFinite(from) || !double.IsFinite(to))
            return [];
        var width = to > from ? (to - from) / HistogramBars : 1;
        var counts = duck.QueryRows(
            $"""
            select
              least({HistogramBars - 1}, greatest(0, floor(({number} - $from) / $width)))::integer as bin,
              count(*)
            from {ValidatedTable.Batch}
            where {DuckDbSql.Identifier(f.Column.Name)} is not null
              and isfinite({number})
            group by bin
            """,
            row => (Bin: row.Get<int>(0), Rows: row.Get<long>(1)), new { from, width }, cancellationToken).ToDictionary(bin => bin.Bin, bin => bin.Rows);
        return [.. Enumerable.Range(0, HistogramBars).Select(bin => new DistributionBar(
            Label(f.Column.KindOf(), from + (bin * width), from + ((bin + 1) * width), wholeDays), counts.GetValueOrDefault(bin)))];
    }

    private static string Label(ColumnKind kind, double from, double to, bool wholeDays) =>
        kind == ColumnKind.Time ? $"{Moment(from, wholeDays)} to {Moment(to, wholeDays)}" : $"{from:G5} to {to:G5}";

    private static string Moment(double epoch, bool wholeDays) =>
        DateTime.UnixEpoch.AddSeconds(Math.Clamp(epoch, -62_135_596_800, 253_402_300_799)).ToString(wholeDays ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm");

    /// <summary>The most frequent values: chosen by an estimate, then counted exactly.</summary>
    private List<DistributionBar> Values(ColumnFigures f, CancellationToken cancellationToken)
    {
        var id = DuckDbSql.Identifier(f.Column.Name);
        var among = f.Distinct <= ExactDistinctUpTo
            ? ""
            : $"where {id} in (select unnest(approx_top_k({id}, {ValueBars})) from {ValidatedTable.Batch})";
        return [.. duck.QueryRows(
            $"""
            select coalesce(left({id}::varchar, 60), '(missing)') as label, count(*) as copies
            from {ValidatedTable.Batch}
            {among}
            group by {id}
            order by copies desc, label
            limit {ValueBars}
            """,
            row => new DistributionBar(row.Get<string>(0), row.Get<long>(1)), ct: cancellationToken)];
    }

    private sealed record ColumnFigures(
        TableColumn Column, long Rows, long Given, long Distinct, string? Min, string? Max, double? Mean, double? Low, double? High);
}
