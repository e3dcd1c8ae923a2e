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

    /// <summary>Types whose extremes a Parquet file holds per row group as text that reads back as the same value.</summary>
    private static readonly string[] TypesWithExtremes = ["VARCHAR", "BIGINT", "INTEGER", "TIMESTAMP", "DATE", "BOOLEAN"];

    public TableProfile Profile(SilverTableResult table) => table.Table == CanonicalTable.Events
        ? new TableProfile(table.Table.Name, Columns(table), ByType(), ByDay())
        : new TableProfile(table.Table.Name, Columns(table), [], []);

    private IReadOnlyList<ColumnProfile> Columns(SilverTableResult table)
    {
        var stored = StoredExtremes(table);
        var counted = Counted(table, [.. table.Columns.Select((_, i) => stored[i] is null)]);
        var sampled = Sampled(table);
        return [.. table.Columns.Select((column, i) =>
        {
            var (nulls, min, max) = stored[i] ?? counted[i].Extremes;
            return new ColumnProfile(column.Name, column.Type, nulls, sampled[i].Distinct, min, max, counted[i].Mean, sampled[i].Quantiles);
        })];
    }

    /// <summary>The number of missing values, the smallest and the largest, of the columns of which the file itself tells them: they need not be read. Null for the others.</summary>
    private IReadOnlyList<(long Nulls, string? Min, string? Max)?> StoredExtremes(SilverTableResult table)
    {
        var perColumn = table.Columns.Select(column =>
        {
            var own = $"filter (where path_in_schema = {DuckDbSql.Literal(column.Name)})";
            return TypesWithExtremes.Contains(column.Type)
                ? $"""
                  bool_and(coalesce(stats_null_count = num_values or (stats_min_value is not null and stats_max_value is not null and min_is_exact and max_is_exact), false)) {own},
                  sum(stats_null_count) {own}::bigint, min(try_cast(stats_min_value as {column.Type})) {own}::varchar, max(try_cast(stats_max_value as {column.Type})) {own}::varchar
                  """
                : "false, null::bigint, null::varchar, null::varchar";
        });
        using var row = duckDb.Query($"select\n{string.Join(",\n", perColumn)}\nfrom parquet_metadata({DuckDbSql.Literal(table.Path)})", ct: cancellationToken);
        row.Read();
        return [.. table.Columns.Select((_, i) =>
            row.Get<bool?>(4 * i) == true ? (row.Get<long>((4 * i) + 1), row.Get<string?>((4 * i) + 2), row.Get<string?>((4 * i) + 3)) : default((long, string?, string?)?))];
    }

    /// <summary>What takes all rows: the means of numbers, and for some columns what the file does not tell.</summary>
    /// <param name="withExtremes">Of which columns.</param>
    private IReadOnlyList<((long Nulls, string? Min, string? Max) Extremes, double? Mean)> Counted(SilverTableResult table, IReadOnlyList<bool> withExtremes)
    {
        var perColumn = table.Columns.Select((column, i) =>
        {
            var name = DuckDbSql.Identifier(column.Name);
            var extremes = withExtremes[i] ? $"count(*) - count({name}), min({name})::varchar, max({name})::varchar" : "0::bigint, null::varchar, null::varchar";
            return $"{extremes}, {(IsNumber(column) ? $"avg({name})::double" : "null::double")}";
        });
        using var row = duckDb.Query($"select count(*),\n{string.Join(",\n", perColumn)}\nfrom {SilverSql.SilverName(table.Table.Name)}", ct: cancellationToken);
        row.Read();
        return [.. table.Columns.Select((_, i) => ((row.Get<long>((4 * i) + 1), row.Get<string?>((4 * i) + 2), row.Get<string?>((4 * i) + 3)), row.Get<double?>((4 * i) + 4)))];
    }

    private IReadOnlyList<(long Distinct, IReadOnlyList<double> Quantiles)> Sampled(SilverTableResult table)
    {
        var perColumn = table.Columns.Select(column =>
        {
            var name = DuckDbSql.Identifier(column.Name);
            return $"count(distinct {name}), {(IsNumber(column) ? $"quantile_cont({name}::double, [0.05, 0.25, 0.5, 0.75, 0.95])::varchar" : "null::varchar")}";
        });
        using var row = duckDb.Query(
            $"""
            select
            {string.Join(",\n", perColumn)}
            from read_parquet({DuckDbSql.Literal(table.Path)}, hive_partitioning = false, file_row_number = true)
            where file_row_number // {BlockRows} % {BlocksPerSampled(table.Account.RowsOut)} = 0
            """,
            ct: cancellationToken);
        row.Read();
        return [.. table.Columns.Select((_, i) => (row.Get<long>(2 * i), Quantiles(row.Get<string?>((2 * i) + 1))))];
    }

    /// <summary>Of so many blocks one is in the sample.</summary>
    private static long BlocksPerSampled(long rows) => Math.Max(1, (rows + SampleRows - 1) / SampleRows);

    private static IReadOnlyList<double> Quantiles(string? list) => list is null ? [] : [.. list.Trim('[', ']').Split(", ").Select(double.Parse)];

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
