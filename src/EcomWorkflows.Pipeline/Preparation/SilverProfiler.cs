using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Preparation;

/// <summary>Describes the silver tables' values for the preparation report.</summary>
internal sealed class SilverProfiler(DuckDbConnection duckDb, CancellationToken cancellationToken)
{
    /// <summary>Rows looked at for distinct values and quantiles; what is counted exactly is counted over all rows.</summary>
    private const int SampleRows = 200_000;

    public IReadOnlyList<TableProfile> Profile(IEnumerable<SilverTableResult> tables) =>
        [.. tables.Select(t => t.Table == CanonicalTable.Events
            ? new TableProfile(t.Table.Name, Columns(t), ByType(), ByDay())
            : new TableProfile(t.Table.Name, Columns(t), [], []))];

    private IReadOnlyList<ColumnProfile> Columns(SilverTableResult table)
    {
        var silver = SilverSql.SilverName(table.Table.Name);
        var expressions = table.Columns.SelectMany(Expressions);
        using var row = duckDb.Query(
            $"""
            with sample as (
              select *
              from {silver}
              limit {SampleRows}
            )
            select {string.Join(", ", expressions)}
            from {silver}
            """,
            ct: cancellationToken);
        row.Read();
        return [.. table.Columns.Select((column, i) => Column(row, column, i * ExpressionsPerColumn))];
    }

    private const int ExpressionsPerColumn = 6;

    private static IEnumerable<string> Expressions(LakeColumn column)
    {
        var name = DuckDbSql.Identifier(column.Name);
        yield return $"count(*) - count({name})";
        yield return $"(select count(distinct {name}) from sample)";
        yield return $"cast(min({name}) as varchar)";
        yield return $"cast(max({name}) as varchar)";
        yield return IsNumber(column) ? $"cast(avg({name}) as double)" : "cast(null as double)";
        yield return IsNumber(column)
            ? $"(select cast(quantile_cont(cast({name} as double), [0.05, 0.25, 0.5, 0.75, 0.95]) as varchar) from sample)"
            : "cast(null as varchar)";
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
