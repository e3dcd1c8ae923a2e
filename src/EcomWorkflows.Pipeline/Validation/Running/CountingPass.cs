using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation.Checks;
using EcomWorkflows.Pipeline.Validation.Profiling;

namespace EcomWorkflows.Pipeline.Validation.Running;

/// <summary>
/// Computes the aggregates of all checks in one scan of the table. Where a column's extremes show that no row can fail a check, its rows are not counted; a second
/// scan counts those of the checks that are left. What depends on the value of one column that has few is counted over these values instead.
/// </summary>
internal static class CountingPass
{
    /// <summary>Checks per scan: bounds the size of one statement.</summary>
    private const int ChecksPerScan = 1000;

    /// <summary>Where <see cref="RowCheck"/> has the number of failing rows among its aggregates.</summary>
    private const int FailingRows = 2;

    /// <summary>One result per check, in no particular order. A check that DuckDB refuses is set apart by halving; it does not spoil the others.</summary>
    /// <param name="values">Tables of the different values of columns that have few, see <see cref="SampledTable.Values"/>.</param>
    public static IEnumerable<CountedCheck> Run(
        DuckDbConnection duck, IReadOnlyDictionary<string, string> values, IReadOnlyList<OrderedCheck> checks, CancellationToken cancellationToken)
    {
        foreach (var checksOfColumn in checks.ToLookup(check => check.Check is RowCheck { OnlyColumn: { } column } && values.ContainsKey(column) ? column : null))
        {
            var counted = checksOfColumn.Key is { } column
                ? Count(duck, [.. checksOfColumn], Different(column, values[column]), check => ((RowCheck)check).AggregatesOverValues, cancellationToken)
                : OverRows(duck, [.. checksOfColumn], cancellationToken);
            foreach (var check in counted)
                yield return check;
        }
    }

    /// <summary>The different values under the name of their column.</summary>
    private static string Different(string column, string table) => $"(select value as {DuckDbSql.Identifier(column)}, copies from {table})";

    private static IEnumerable<CountedCheck> OverRows(DuckDbConnection duck, IReadOnlyList<OrderedCheck> checks, CancellationToken cancellationToken)
    {
        var undecided = new List<CountedCheck>();
        foreach (var counted in Count(duck, checks, ValidatedTable.Batch, Figures, cancellationToken))
        {
            if (counted is { Problem: null, Check: RowCheck { NoneFails: not null } } && counted.Values[FailingRows] is not 0L)
                undecided.Add(counted);
            else
                yield return counted;
        }
        var first = undecided.ToDictionary(counted => counted.Ordinal);
        var left = undecided.ConvertAll(counted => new OrderedCheck(counted.Ordinal, counted.Check));
        foreach (var counted in Count(duck, left, ValidatedTable.Batch, check => [((RowCheck)check).FailingCount], cancellationToken))
            yield return counted.Problem is null ? counted with { Values = [.. first[counted.Ordinal].Values.Take(FailingRows), counted.Values[0]] } : counted;
    }

    /// <summary>What the first scan computes: for a check with a short cut 0 in place of the number of failing rows, or null where that takes counting.</summary>
    private static IReadOnlyList<string> Figures(Check check) => check is RowCheck { NoneFails: { } none }
        ? [.. check.Aggregates.Take(FailingRows), $"case when coalesce({none}, true) then 0::bigint end"]
        : check.Aggregates;

    private static IEnumerable<CountedCheck> Count(
        DuckDbConnection duck, IReadOnlyList<OrderedCheck> checks, string relation, Func<Check, IReadOnlyList<string>> figures, CancellationToken cancellationToken) =>
        checks.Chunk(ChecksPerScan).SelectMany(chunk => CountChunk(duck, chunk, relation, figures, cancellationToken));

    private static IReadOnlyList<CountedCheck> CountChunk(
        DuckDbConnection duck, ArraySegment<OrderedCheck> checks, string relation, Func<Check, IReadOnlyList<string>> figures, CancellationToken cancellationToken)
    {
        var expressions = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var expression in checks.SelectMany(check => figures(check.Check)))
            expressions.TryAdd(expression, expressions.Count);
        if (expressions.Count == 0)
            return [.. checks.Select(check => new CountedCheck(check.Ordinal, check.Check, []))];
        var sql = $"""
            select
              {string.Join(",\n  ", expressions.Keys)}
            from {relation}
            """;
        try
        {
            var values = duck.QueryRows(sql, row => Enumerable.Range(0, row.FieldCount).Select(row.GetValue).ToArray(), ct: cancellationToken)[0];
            return [.. checks.Select(check => new CountedCheck(check.Ordinal, check.Check, [.. figures(check.Check).Select(expression => values[expressions[expression]])]))];
        }
        catch (DuckDbException problem) when (problem is not DuckDbInterruptedException)
        {
            if (checks.Count == 1)
                return [new CountedCheck(checks[0].Ordinal, checks[0].Check, [], CheckFailure.Words(problem))];
            var half = checks.Count / 2;
            return [.. CountChunk(duck, checks[..half], relation, figures, cancellationToken), .. CountChunk(duck, checks[half..], relation, figures, cancellationToken)];
        }
    }
}
