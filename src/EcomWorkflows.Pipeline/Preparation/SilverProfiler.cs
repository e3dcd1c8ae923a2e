using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Preparation;

/// <summary>Describes a silver table's values for the preparation report.</summary>
internal sealed class SilverProfiler(DuckDbConnection duckDb, CancellationToken cancellationToken)
{
    /// <summary>Most rows looked at for distinct values and quantiles, spread evenly over the table; what is counted exactly is counted over all rows.</summary>
    public const int SampleRows = SampleBlocks * BlockRows;

    /// <summary>DuckDB decodes so many rows of a file together: others than those of the sample cost next to nothing.</summary>
    private const int BlockRows = 2_048;

    private const int SampleBlocks = 25;

    private const int ExpressionsPerColumn = 6;

    /// <summary>Types whose extremes a Parquet file holds per row group as text that reads back as the same value.</summary>
    private static readonly string[] TypesWithExtremes = ["VARCHAR", "BIGINT", "INTEGER", "TIMESTAMP", "DATE", "BOOLEAN"];

    public TableProfile Profile(SilverTableResult table) => table.Table == CanonicalTable.Events
        ? new TableProfile(table.Table.Name, Columns(table), ByType(), ByDay())
        : new TableProfile(table.Table.Name, Columns(table), [], []);

    private IReadOnlyList<ColumnProfile> Columns(SilverTableResult table)
    {
        var silver = SilverSql.SilverName(table.Table.Name);
        var extremes = ColumnsWithExtremes(table);
        using var row = duckDb.Query(
            $"""
            with sample as (
              select *
              from read_parquet({DuckDbSql.Literal(table.Path)}, hive_partitioning = false, file_row_number = true)
              where file_row_number // {BlockRows} % {BlocksPerSampled(table.Account.RowsOut)} = 0
            ),
            row_group as (
              select path_in_schema as column_name, stats_null_count as nulls, stats_min_value as low, stats_max_value as high
              from parquet_metadata({DuckDbSql.Literal(table.Path)})
            )
            select {string.Join(",\n  ", table.Columns.Select(column => Expressions(column, extremes.Contains(column.Name))))}
            from {silver}
            """,
            ct: cancellationToken);
        row.Read();
        return [.. table.Columns.Select((column, i) => Column(row, column, i * ExpressionsPerColumn))];
    }

    /// <summary>Of so many blocks one is in the sample.</summary>
    private static long BlocksPerSampled(long rows) => Math.Max(1, (rows + SampleRows - 1) / SampleRows);

    /// <summary>Columns of which the file itself tells the number of missing values, the smallest and the largest: they need not be read.</summary>
    private HashSet<string> ColumnsWithExtremes(SilverTableResult table) =>
        [.. duckDb.QueryRows(
            $"""
            select path_in_schema
            from parquet_metadata({DuckDbSql.Literal(table.Path)})
            group by path_in_schema
            having bool_and(coalesce(stats_null_count = num_values or (stats_min_value is not null and stats_max_value is not null and min_is_exact and max_is_exact), false))
            """,
            row => row.Get<string>(0), ct: cancellationToken)
            .Intersect(table.Columns.Where(column => TypesWithExtremes.Contains(column.Type)).Select(column => column.Name))];

    private static string Expressions(LakeColumn column, bool hasExtremes)
    {
        var name = DuckDbSql.Identifier(column.Name);
        var ofColumn = $"from row_group where column_name = {DuckDbSql.Literal(column.Name)}";
        return string.Join(", ",
            hasExtremes ? $"(select sum(nulls)::bigint {ofColumn})" : $"count(*) - count({name})",
            $"(select count(distinct {name}) from sample)",
            hasExtremes ? $"(select cast(min(low::{column.Type}) as varchar) {ofColumn})" : $"cast(min({name}) as varchar)",
            hasExtremes ? $"(select cast(max(high::{column.Type}) as varchar) {ofColumn})" : $"cast(max({name}) as varchar)",
            IsNumber(column) ? $"cast(avg({name}) as double)" : "cast(null as double)",
            IsNumber(column)
                ? $"(select cast(quantile_cont(cast({name} as double), [0.05, 0.25, 0.5, 0.75, 0.95]) as varchar) from sample)"
                : "cast(null as varchar)");
    }

    private static ColumnProfile Column(DuckDbReader row, LakeColumn column, int first) => new(
        column.Name, column.Type, row.Get<long>(first), row.Get<long>(first + 1), row.Get<string?>(first + 2), row.Get<string?>(first + 3), row.Get<double?>(first + 4),
        row.Get<string?>(first + 5) is { } list ? [.. list.Trim('[', ']').Split(", ").Select(double.Parse)] : []);

    private static bool IsNumber(LakeColumn column) => column.Type is "DOUBLE" or "FLOAT" or "BIGINT" or "INTEGER" or "HUGEINT" || column.Type.StartsWith("DECIMAL", StringComparison.Ordinal);

    private IReadOnlyList<CountOf> ByType() => Counts("event_type", "count desc, value");

    private IReadOnlyList<CountOf> ByDay() => Counts("cast(event_time as date)", "value");

    private IReadOnlyList<CountOf> Counts(string value, string order) =>
        duckDb.QueryRows(
            $"""
            select cast(value as varchar), count
            from (
              select {value} as value, count(*) as count
              from {SilverSql.SilverName(CanonicalTable.Events.Name)}
              group by 1
            )
            order by {order}
            """,
            row => new CountOf(row.Get<string>(0), row.Get<long>(1)), ct: cancellationToken);
}
