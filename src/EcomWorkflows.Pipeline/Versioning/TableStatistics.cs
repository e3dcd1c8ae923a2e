using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>Columns of a table with their statistics, in two passes over its files at the most.</summary>
internal static class TableStatistics
{
    private const int MostTextLength = 100;

    private const int Figures = 6;

    private const long FewValues = 100;

    /// <param name="scan">Table expression over the table's files.</param>
    public static IReadOnlyList<DatasetColumn> Read(DuckDbConnection duckDb, string scan, CancellationToken cancellationToken)
    {
        var columns = Columns(duckDb, scan, cancellationToken);
        if (columns.Count == 0)
            return columns;
        using var reader = duckDb.Query(
            $"""
            select count(*),
              {string.Join(",\n  ", columns.Select(Aggregates))}
            from {scan}
            """,
            ct: cancellationToken);
        reader.Read();
        var rows = reader.Get<long>(0);
        columns = [.. columns.Select((column, i) => column with { Statistics = Read(reader, 1 + (i * Figures), rows) })];
        reader.Dispose();
        return CountFew(duckDb, scan, columns, cancellationToken);
    }

    /// <summary>Counts exactly where the estimate says there are few values: there it is least to be trusted, and counting costs least.</summary>
    private static IReadOnlyList<DatasetColumn> CountFew(DuckDbConnection duckDb, string scan, IReadOnlyList<DatasetColumn> columns, CancellationToken cancellationToken)
    {
        var few = columns.Where(c => c.Statistics!.Distinct is > 0 and <= FewValues).ToList();
        if (few.Count == 0)
            return columns;
        using var reader = duckDb.Query($"select {string.Join(", ", few.Select(c => $"count(distinct {DuckDbSql.Identifier(c.Name)})"))} from {scan}", ct: cancellationToken);
        reader.Read();
        var exact = few.Select((c, i) => (c.Name, Count: reader.Get<long>(i))).ToDictionary(c => c.Name, c => c.Count, StringComparer.Ordinal);
        return [.. columns.Select(c => exact.TryGetValue(c.Name, out var count) ? c with { Statistics = c.Statistics! with { Distinct = count } } : c)];
    }

    /// <summary>Names and types of a table's columns.</summary>
    public static IReadOnlyList<DatasetColumn> Columns(DuckDbConnection duckDb, string scan, CancellationToken cancellationToken) =>
        duckDb.QueryRows(
            $"select column_name, column_type from (describe select * from {scan})",
            row => new DatasetColumn(row.Get<string>(0), row.Get<string>(1)), ct: cancellationToken);

    /// <summary>Whether a type is a number whose mean means something.</summary>
    public static bool IsNumber(string type) =>
        type is "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "HUGEINT" or "UTINYINT" or "USMALLINT" or "UINTEGER" or "UBIGINT" or "UHUGEINT" or "FLOAT" or "DOUBLE"
        || type.StartsWith("DECIMAL", StringComparison.Ordinal);

    /// <summary>A number as a double that sums and squares stay finite with; null for the others.</summary>
    public static string Finite(string column) => $"case when abs({column}::double) < 1e150 then {column}::double end";

    private static string Aggregates(DatasetColumn column)
    {
        var name = DuckDbSql.Identifier(column.Name);
        var isNumber = IsNumber(column.Type);
        var isNested = column.Type.EndsWith(']') || column.Type.StartsWith("STRUCT", StringComparison.Ordinal) || column.Type.StartsWith("MAP", StringComparison.Ordinal);
        return string.Join(", ",
        [
            $"count({name})",
            $"approx_count_distinct({name})",
            isNested ? "null::varchar" : $"left(min({name})::varchar, {MostTextLength})",
            isNested ? "null::varchar" : $"left(max({name})::varchar, {MostTextLength})",
            isNumber ? $"avg({Finite(name)})" : "null::double",
            isNumber ? $"stddev_pop({Finite(name)})" : "null::double",
        ]);
    }

    private static ColumnStatistics Read(DuckDbReader reader, int first, long rows)
    {
        var present = reader.Get<long>(first);
        return new ColumnStatistics(
            rows == 0 ? 0 : 1 - ((double)present / rows),
            // The estimate may be above what there is.
            Math.Min(reader.Get<long>(first + 1), present),
            reader.Get<string?>(first + 2), reader.Get<string?>(first + 3), reader.Get<double?>(first + 4), reader.Get<double?>(first + 5));
    }
}
