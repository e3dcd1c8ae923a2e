using System.Numerics;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Preparation;

/// <summary>Describes a silver table's values for the preparation report.</summary>
internal sealed class SilverProfiler(DuckDbConnection duckDb, CancellationToken cancellationToken)
{
    /// <summary>Most rows looked at for distinct values and quantiles, spread evenly over the table; what is counted exactly is counted over all rows.</summary>
    public const int SampleRows = SampleBlocks << BlockBits;

    /// <summary>DuckDB decodes 2,048 rows of a file together: others than those of the sample cost next to nothing.</summary>
    private const int BlockBits = 11;

    private const int SampleBlocks = 32;

    /// <summary>Columns of one statement: counting different values takes some megabytes for each, however few rows there are.</summary>
    private const int ColumnsAtOnce = 32;

    public TableProfile Profile(SilverTableResult table)
    {
        if (table.Table != CanonicalTable.Events)
            return new TableProfile(table.Table.Name, Columns(table, StoredColumns(table)), [], []);
        var (byType, stored) = (ByType(), StoredColumns(table));
        return new TableProfile(table.Table.Name, Columns(table, column => column.Name == "event_type" ? StoredColumn.Of(byType) : stored(column)), byType, ByDay());
    }

    /// <param name="told">What needs no look at the rows.</param>
    private IReadOnlyList<ColumnProfile> Columns(SilverTableResult table, Func<LakeColumn, StoredColumn> told)
    {
        var stored = table.Columns.ToDictionary(column => column, told);
        var given = table.Columns.Where(column => stored[column].Nulls != table.Account.RowsOut).ToList();
        var counted = Counted(table, [.. given.Where(column => stored[column].Extremes(column.Type) is null || IsMeasure(column))]);
        var sampled = Sampled(table, given);
        return [.. table.Columns.Select(column =>
        {
            if (!sampled.TryGetValue(column, out var values))
                return new ColumnProfile(column.Name, column.Type, table.Account.RowsOut, 0, null, null, null, []);
            var (extremes, mean) = counted.GetValueOrDefault(column);
            var (nulls, min, max) = stored[column].Extremes(column.Type) ?? extremes;
            return new ColumnProfile(column.Name, column.Type, nulls, values.Distinct, min, max, mean, values.Quantiles);
        })];
    }

    /// <summary>What the file itself tells of its columns: they need not be read for it.</summary>
    private Func<LakeColumn, StoredColumn> StoredColumns(SilverTableResult table)
    {
        var columns = duckDb.QueryRows(
            $"""
            select
              path_in_schema,
              case when count(*) = count(stats_null_count) then sum(stats_null_count)::bigint end,
              bool_and(coalesce(stats_null_count = num_values or (stats_min_value is not null and stats_max_value is not null and (stats_min_value = stats_max_value or (min_is_exact and max_is_exact))), false)),
              {string.Join(", ", StoredColumn.Types.Select(type => $"min(try_cast(stats_min_value as {type}))::varchar, max(try_cast(stats_max_value as {type}))::varchar"))}
            from parquet_metadata({DuckDbSql.Literal(table.Path)})
            group by path_in_schema
            """,
            row => KeyValuePair.Create(row.Get<string>(0), new StoredColumn(
                row.Get<long?>(1), row.Get<bool>(2), StoredColumn.Types.Index().ToDictionary(type => type.Item, type => (row.Get<string?>((2 * type.Index) + 3), row.Get<string?>((2 * type.Index) + 4))))),
            ct: cancellationToken).ToDictionary(StringComparer.Ordinal);
        return column => columns.GetValueOrDefault(column.Name, StoredColumn.Empty);
    }

    /// <summary>What takes all rows: the means of numbers, and for some columns what the file does not tell.</summary>
    private Dictionary<LakeColumn, ((long Nulls, string? Min, string? Max) Extremes, double? Mean)> Counted(SilverTableResult table, IReadOnlyList<LakeColumn> columns)
    {
        if (columns.Count == 0)
            return [];
        var perColumn = columns.Select(column =>
        {
            var name = DuckDbSql.Identifier(column.Name);
            return $"count(*) - count({name}), min({name})::varchar, max({name})::varchar, {(IsMeasure(column) ? $"avg({name})::double" : "null::double")}";
        });
        using var row = duckDb.Query($"select\n{string.Join(",\n", perColumn)}\nfrom {SilverSql.SilverName(table.Table.Name)}", ct: cancellationToken);
        row.Read();
        return columns.Index().ToDictionary(column => column.Item, column =>
        {
            var first = 4 * column.Index;
            return ((row.Get<long>(first), row.Get<string?>(first + 1), row.Get<string?>(first + 2)), row.Get<double?>(first + 3));
        });
    }

    private Dictionary<LakeColumn, (long Distinct, IReadOnlyList<double> Quantiles)> Sampled(SilverTableResult table, IReadOnlyList<LakeColumn> columns) =>
        columns.Chunk(ColumnsAtOnce).SelectMany(some => SampledAtOnce(table, some)).ToDictionary();

    private IEnumerable<KeyValuePair<LakeColumn, (long Distinct, IReadOnlyList<double> Quantiles)>> SampledAtOnce(SilverTableResult table, IReadOnlyList<LakeColumn> columns)
    {
        var perColumn = columns.Select(column =>
        {
            var name = DuckDbSql.Identifier(column.Name);
            return $"count(distinct {name}), {(IsMeasure(column) ? $"quantile_cont({name}::double, [0.05, 0.25, 0.5, 0.75, 0.95])::varchar" : "null::varchar")}";
        });
        // The middle one of each, so that none of the quantiles leans to one side.
        var blocks = BlocksPerSampled(table.Account.RowsOut);
        using var row = duckDb.Query(
            $"""
            select
            {string.Join(",\n", perColumn)}
            from read_parquet({DuckDbSql.Literal(table.Path)}, hive_partitioning = false, file_row_number = true)
            where file_row_number >> {BlockBits} & {blocks - 1} = {blocks / 2}
            """,
            ct: cancellationToken);
        row.Read();
        return [.. columns.Select((column, i) => KeyValuePair.Create(column, (row.Get<long>(2 * i), Quantiles(row.Get<string?>((2 * i) + 1)))))];
    }

    /// <summary>Of so many blocks one is in the sample: a power of two, as dividing the number of each row takes a sixth of the statement's time.</summary>
    private static long BlocksPerSampled(long rows) => (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(1, (rows + SampleRows - 1) / SampleRows));

    private static IReadOnlyList<double> Quantiles(string? list) => list is null ? [] : [.. list.Trim('[', ']').Split(", ").Select(double.Parse)];

    /// <summary>Whether the mean of a column says anything; the line of a row only says where it came from.</summary>
    private static bool IsMeasure(LakeColumn column) =>
        column.Name != "line" && (column.Type is "DOUBLE" or "FLOAT" or "BIGINT" or "INTEGER" or "HUGEINT" || column.Type.StartsWith("DECIMAL", StringComparison.Ordinal));

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
