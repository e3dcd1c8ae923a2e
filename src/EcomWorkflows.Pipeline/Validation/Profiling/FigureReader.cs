using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation.Checks;

namespace EcomWorkflows.Pipeline.Validation.Profiling;

/// <summary>
/// Reads the figures of all columns of the view <c>batch</c>. A sample says which columns have few different values: those are counted value by value, once, for the checks and for the
/// description of the columns; the others share one scan.
/// </summary>
internal sealed class FigureReader(DuckDbConnection duck, int sampleRows = FigureReader.SampleRows)
{
    /// <summary>Up to so many different values they are counted one by one; above it their number is an estimate.</summary>
    private const long FewValues = 20_000;

    /// <summary>Rows of the sample, about. A percentile of so many is within a tenth of a percentile of the table's.</summary>
    private const int SampleRows = 65_536;

    /// <summary>A column of which at least so many rows share a value, on average, is counted by value.</summary>
    private const int CopiesPerValue = 3;

    private const string Sample = "sampled";

    public IReadOnlyList<ColumnFigures> Read(IReadOnlyList<TableColumn> columns, CancellationToken cancellationToken)
    {
        if (columns.Count == 0)
            return [];
        var rows = duck.Scalar<long>($"select count(*) from {ValidatedTable.Batch}", ct: cancellationToken);
        var every = Math.Max(1, rows / sampleRows);
        if (every > 1)
            Draw(columns, every, cancellationToken);
        var estimates = Estimate(columns, every > 1 ? Sample : ValidatedTable.Batch, cancellationToken);
        var tables = columns.Select((column, index) => estimates[index].Distinct is var distinct && distinct <= FewValues && distinct * CopiesPerValue <= rows / every
            ? CountValues(column, index, cancellationToken)
            : null).ToList();
        duck.Execute($"drop table if exists {Sample}", ct: cancellationToken);
        return Scan(columns, rows, every == 1, estimates, tables, cancellationToken);
    }

    /// <summary>Draws rows by their line, so that the same table gives the same sample.</summary>
    private void Draw(IReadOnlyList<TableColumn> columns, long every, CancellationToken cancellationToken) => duck.Execute(
        $"""
        create temp table {Sample} as
        select {string.Join(", ", columns.Select(column => DuckDbSql.Identifier(column.Name)))}
        from {ValidatedTable.Batch}
        where hash(_line) % {every} = 0
        """, ct: cancellationToken);

    private List<(long Distinct, double? Low, double? High)> Estimate(IReadOnlyList<TableColumn> columns, string relation, CancellationToken cancellationToken)
    {
        var expressions = columns.Select(column => DuckDbSql.Identifier(column.Name) is var id && column.KindOf() == ColumnKind.Number
            ? $"count(distinct {id}), quantile_cont({id}::double, [0.01, 0.99])"
            : $"count(distinct {id}), null::double[]");
        using var reader = duck.Query($"select {string.Join(",\n", expressions)} from {relation}", ct: cancellationToken);
        reader.Read();
        return [.. columns.Select((_, index) =>
        {
            var bounds = reader.IsNull((2 * index) + 1) ? null : (object?[])reader.GetValue((2 * index) + 1)!;
            return (reader.Get<long>(2 * index), bounds?[0] as double?, bounds?[1] as double?);
        })];
    }

    private string CountValues(TableColumn column, int index, CancellationToken cancellationToken)
    {
        var table = $"values_{index}";
        duck.Execute(
            $"""
            create or replace temp table {table} as
            select {DuckDbSql.Identifier(column.Name)} as value, count(*) as copies
            from {ValidatedTable.Batch}
            group by value
            """, ct: cancellationToken);
        return table;
    }

    private List<ColumnFigures> Scan(
        IReadOnlyList<TableColumn> columns, long rows, bool sampleIsAll, List<(long Distinct, double? Low, double? High)> estimates, List<string?> tables,
        CancellationToken cancellationToken)
    {
        var expressions = columns.Select((column, index) =>
        {
            var id = DuckDbSql.Identifier(column.Name);
            var (min, max) = tables[index] is { } table ? ($"(select min(value) from {table})", $"(select max(value) from {table})") : ($"min({id})", $"max({id})");
            var comparable = column.KindOf() != ColumnKind.Other;
            var distinct = tables[index] is { } counted ? $"(select count(value) from {counted})" : sampleIsAll ? $"{estimates[index].Distinct}::bigint" : $"approx_count_distinct({id})";
            return $"""
                  count({id}), {distinct}, {(comparable ? $"left({min}::varchar, 200), left({max}::varchar, 200)" : "null, null")},
                  {(column.KindOf() == ColumnKind.Number ? $"avg({id})" : "null::double")}, {(column.KindOf() == ColumnKind.Time ? $"epoch({min}), epoch({max})" : "null::double, null::double")}
                """;
        });
        const int perColumn = 7;
        using var reader = duck.Query(
            $"""
            select
            {string.Join(",\n", expressions)}
            from {ValidatedTable.Batch}
            """, ct: cancellationToken);
        reader.Read();
        return [.. columns.Select((column, index) =>
        {
            var first = index * perColumn;
            var given = reader.Get<long>(first);
            return new ColumnFigures(
                column, rows, given, Math.Min(given, reader.Get<long>(first + 1)), sampleIsAll || tables[index] is not null, reader.Get<string?>(first + 2), reader.Get<string?>(first + 3),
                reader.Get<double?>(first + 4), estimates[index].Low ?? reader.Get<double?>(first + 5), estimates[index].High ?? reader.Get<double?>(first + 6), tables[index]);
        })];
    }
}
