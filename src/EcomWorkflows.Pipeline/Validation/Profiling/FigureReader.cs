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

    /// <summary>Columns of one statement: counting different values takes some megabytes for each, however few rows there are.</summary>
    private const int ColumnsAtOnce = 32;

    /// <summary>How many expressions the figures of a column are.</summary>
    private const int PerColumn = 7;

    private const string Drawn = "sampled";

    /// <summary>Reads the figures of all columns.</summary>
    public IReadOnlyList<ColumnFigures> Read(IReadOnlyList<TableColumn> columns, CancellationToken cancellationToken) => Read(Sample(columns, cancellationToken), cancellationToken);

    /// <summary>Draws the sample, and counts the columns with few different values value by value.</summary>
    public SampledTable Sample(IReadOnlyList<TableColumn> columns, CancellationToken cancellationToken)
    {
        if (columns.Count == 0)
            return new SampledTable(0, IsWhole: true, []);
        var rows = duck.Scalar<long>($"select count(*) from {ValidatedTable.Batch}", ct: cancellationToken);
        var every = Math.Max(1, rows / sampleRows);
        if (every > 1)
            Draw(columns, every, cancellationToken);
        var sampled = columns.Chunk(ColumnsAtOnce).SelectMany(some => Estimate(some, every > 1 ? Drawn : ValidatedTable.Batch, cancellationToken)).ToList();
        duck.Execute($"drop table if exists {Drawn}", ct: cancellationToken);
        return new SampledTable(rows, every == 1, [.. sampled.Select((column, index) => column.Distinct <= FewValues && column.Distinct * CopiesPerValue <= rows / every
            ? column with { Values = CountValues(column.Column, index, cancellationToken) }
            : column)]);
    }

    /// <summary>Reads what the sample does not tell. The sample may have been drawn on another connection.</summary>
    public IReadOnlyList<ColumnFigures> Read(SampledTable table, CancellationToken cancellationToken)
    {
        var numbers = ReadNumbers(table, cancellationToken);
        var scanned = Scan(table, [.. table.Columns.Where((column, index) => column.Values is null && numbers[index] is null)], cancellationToken);
        return [.. table.Columns.Select((column, index) =>
            numbers[index] is { } number ? Figures(table, column, number) : column.Values is null ? scanned[column] : OverValues(table, column, cancellationToken))];
    }

    /// <summary>Figures of the whole numbers that were not counted by value; null for other columns.</summary>
    private IntegerFigures?[] ReadNumbers(SampledTable table, CancellationToken cancellationToken)
    {
        var figures = table.Columns.Select(column =>
            column is { Values: null, Column.Type: "BIGINT" or "INTEGER" or "SMALLINT" or "TINYINT", Low: { } low, High: { } high }
                ? new IntegerFigures(low, high, countsDistinct: !table.IsWhole)
                : null).ToArray();
        var read = figures.OfType<IntegerFigures>().ToList();
        if (read.Count == 0)
            return figures;
        var names = table.Columns.Where((_, index) => figures[index] is not null).Select(column => $"{DuckDbSql.Identifier(column.Column.Name)}::bigint");
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
        create temp table {Drawn} as
        select {string.Join(", ", columns.Select(column => DuckDbSql.Identifier(column.Name)))}
        from {ValidatedTable.Batch}
        where hash(_line) % {every} = 0
        """, ct: cancellationToken);

    private List<SampledColumn> Estimate(IReadOnlyList<TableColumn> columns, string relation, CancellationToken cancellationToken)
    {
        var expressions = columns.Select(column => DuckDbSql.Identifier(column.Name) is var id && column.KindOf() == ColumnKind.Number
            ? $"count(distinct {id}), quantile_cont({id}::double, [0.01, 0.99])"
            : $"count(distinct {id}), null::double[]");
        using var reader = duck.Query($"select {string.Join(",\n", expressions)} from {relation}", ct: cancellationToken);
        reader.Read();
        return [.. columns.Select((column, index) =>
        {
            var bounds = reader.IsNull((2 * index) + 1) ? null : (object?[])reader.GetValue((2 * index) + 1)!;
            return new SampledColumn(column, reader.Get<long>(2 * index), bounds?[0] as double?, bounds?[1] as double?, Values: null);
        })];
    }

    private string CountValues(TableColumn column, int index, CancellationToken cancellationToken)
    {
        var table = $"values_{index}";
        duck.Execute(
            $"""
            create or replace table {table} as
            select {DuckDbSql.Identifier(column.Name)} as value, count(*) as copies
            from {ValidatedTable.Batch}
            group by value
            """, ct: cancellationToken);
        return table;
    }

    /// <summary>Figures of columns of which all rows are looked at, in one scan.</summary>
    private Dictionary<SampledColumn, ColumnFigures> Scan(SampledTable table, IReadOnlyList<SampledColumn> columns, CancellationToken cancellationToken)
    {
        if (columns.Count == 0)
            return [];
        var expressions = columns.Select(column =>
        {
            var id = DuckDbSql.Identifier(column.Column.Name);
            return Expressions(column.Column, $"count({id})", table.IsWhole ? $"{column.Distinct}::bigint" : $"approx_count_distinct({id})", id, $"avg({id})");
        });
        using var reader = duck.Query($"select\n{string.Join(",\n", expressions)}\nfrom {ValidatedTable.Batch}", ct: cancellationToken);
        reader.Read();
        return columns.Index().ToDictionary(column => column.Item, column => Figures(table, column.Item, reader, column.Index * PerColumn));
    }

    /// <summary>Figures of a column from its different values.</summary>
    private ColumnFigures OverValues(SampledTable table, SampledColumn column, CancellationToken cancellationToken)
    {
        const string Given = "filter (where value is not null)";
        var expressions = Expressions(
            column.Column, $"coalesce(sum(copies) {Given}, 0)::bigint", "count(value)", "value", $"sum(value::double * copies) / sum(copies) {Given}");
        using var reader = duck.Query($"select\n{expressions}\nfrom {column.Values}", ct: cancellationToken);
        reader.Read();
        return Figures(table, column, reader, first: 0);
    }

    private static string Expressions(TableColumn column, string given, string distinct, string value, string mean)
    {
        var kind = column.KindOf();
        return $"""
              {given}, {distinct}, {(kind == ColumnKind.Other ? "null, null" : $"left(min({value})::varchar, 200), left(max({value})::varchar, 200)")},
              {(kind == ColumnKind.Number ? mean : "null::double")}, {(kind == ColumnKind.Time ? $"epoch(min({value})), epoch(max({value}))" : "null::double, null::double")}
            """;
    }

    /// <param name="first">Where the column's <see cref="Expressions"/> begin.</param>
    private static ColumnFigures Figures(SampledTable table, SampledColumn column, DuckDbReader row, int first)
    {
        var given = row.Get<long>(first);
        return new ColumnFigures(
            column.Column, table.Rows, given, Math.Min(given, row.Get<long>(first + 1)), table.IsWhole || column.Values is not null, row.Get<string?>(first + 2), row.Get<string?>(first + 3),
            row.Get<double?>(first + 4), column.Low ?? row.Get<double?>(first + 5), column.High ?? row.Get<double?>(first + 6), column.Values);
    }

    private static ColumnFigures Figures(SampledTable table, SampledColumn column, IntegerFigures number)
    {
        var distinct = Math.Min(number.Given, table.IsWhole ? column.Distinct : number.Distinct);
        return new ColumnFigures(
            column.Column, table.Rows, number.Given, distinct, table.IsWhole, number.Min?.ToString(), number.Max?.ToString(), number.Mean, column.Low, column.High, null) { Bins = number.Bins };
    }
}
