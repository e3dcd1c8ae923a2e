using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation.Checks;

namespace EcomWorkflows.Pipeline.Validation.Profiling;

/// <summary>
/// Reads the figures of all columns of the view <c>batch</c>. A sample says which columns have few different values: those are counted value by value, once, for the checks and for the
/// description of the columns. Whole numbers of many values share one scan that fills their histograms too, what is left another.
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
        var numbers = ReadNumbers(columns, every == 1, estimates, tables, cancellationToken);
        return Scan(columns, rows, every == 1, estimates, tables, numbers, cancellationToken);
    }

    /// <summary>Figures of the whole numbers that were not counted by value; null for other columns.</summary>
    private IntegerFigures?[] ReadNumbers(
        IReadOnlyList<TableColumn> columns, bool sampleIsAll, List<(long Distinct, double? Low, double? High)> estimates, List<string?> tables, CancellationToken cancellationToken)
    {
        var figures = columns.Select((column, index) =>
            tables[index] is null && column.Type is "BIGINT" or "INTEGER" or "SMALLINT" or "TINYINT" && estimates[index] is { Low: { } low, High: { } high }
                ? new IntegerFigures(low, high, countsDistinct: !sampleIsAll)
                : null).ToArray();
        var read = figures.OfType<IntegerFigures>().ToList();
        if (read.Count == 0)
            return figures;
        var names = columns.Where((_, index) => figures[index] is not null).Select(column => $"{DuckDbSql.Identifier(column.Name)}::bigint");
        using var reader = duck.Query($"select {string.Join(", ", names)} from {ValidatedTable.Batch}", ct: cancellationToken);
        while (reader.NextChunk())
        {
            foreach (var (ordinal, column) in read.Index())
                column.Add(reader.Column<long>(ordinal), reader.Validity(ordinal));
        }
        return figures;
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
        IReadOnlyList<TableColumn> columns, long rows, bool sampleIsAll, List<(long Distinct, double? Low, double? High)> estimates, List<string?> tables, IntegerFigures?[] numbers,
        CancellationToken cancellationToken)
    {
        const int perColumn = 7;
        var scanned = Enumerable.Range(0, columns.Count).Where(index => numbers[index] is null).ToList();
        var expressions = scanned.Select(index => tables[index] is { } table ? OverValues(columns[index], table) : OverRows(columns[index], sampleIsAll ? estimates[index].Distinct : null));
        // Where all columns were counted by value, no row has to be read.
        var from = scanned.Any(index => tables[index] is null) ? $"from {ValidatedTable.Batch}" : "";
        using var reader = scanned.Count == 0 ? null : duck.Query($"select\n{string.Join(",\n", expressions)}\n{from}", ct: cancellationToken);
        reader?.Read();
        return [.. columns.Select((column, index) =>
        {
            var (_, low, high) = estimates[index];
            if (numbers[index] is { } number)
            {
                var distinct = Math.Min(number.Given, sampleIsAll ? estimates[index].Distinct : number.Distinct);
                return new ColumnFigures(column, rows, number.Given, distinct, sampleIsAll, number.Min?.ToString(), number.Max?.ToString(), number.Mean, low, high, null) { Bins = number.Bins };
            }
            var first = scanned.IndexOf(index) * perColumn;
            var given = reader!.Get<long>(first);
            return new ColumnFigures(
                column, rows, given, Math.Min(given, reader.Get<long>(first + 1)), sampleIsAll || tables[index] is not null, reader.Get<string?>(first + 2), reader.Get<string?>(first + 3),
                reader.Get<double?>(first + 4), low ?? reader.Get<double?>(first + 5), high ?? reader.Get<double?>(first + 6), tables[index]);
        })];
    }

    private static string OverRows(TableColumn column, long? distinct)
    {
        var id = DuckDbSql.Identifier(column.Name);
        return Figures(column, $"count({id})", distinct is null ? $"approx_count_distinct({id})" : $"{distinct}::bigint", $"min({id})", $"max({id})", $"avg({id})");
    }

    private static string OverValues(TableColumn column, string table)
    {
        const string Given = "filter (where value is not null)";
        return Figures(
            column, $"(select coalesce(sum(copies) {Given}, 0)::bigint from {table})", $"(select count(value) from {table})", $"(select min(value) from {table})",
            $"(select max(value) from {table})", $"(select sum(value::double * copies) / sum(copies) {Given} from {table})");
    }

    private static string Figures(TableColumn column, string given, string distinct, string min, string max, string mean)
    {
        var kind = column.KindOf();
        return $"""
              {given}, {distinct}, {(kind == ColumnKind.Other ? "null, null" : $"left({min}::varchar, 200), left({max}::varchar, 200)")},
              {(kind == ColumnKind.Number ? mean : "null::double")}, {(kind == ColumnKind.Time ? $"epoch({min}), epoch({max})" : "null::double, null::double")}
            """;
    }
}
