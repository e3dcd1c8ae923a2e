using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation.Checks;

namespace EcomWorkflows.Pipeline.Validation.Running;

/// <summary>Computes the aggregates of all checks in one scan of the table.</summary>
internal static class CountingPass
{
    /// <summary>Checks per scan: bounds the size of one statement.</summary>
    private const int ChecksPerScan = 250;

    /// <summary>One result per check, in no particular order. A check that DuckDB refuses is set apart by halving; it does not spoil the others.</summary>
    public static IEnumerable<CountedCheck> Run(DuckDbConnection duck, IReadOnlyList<OrderedCheck> checks, CancellationToken cancellationToken) =>
        checks.Chunk(ChecksPerScan).SelectMany(chunk => Count(duck, chunk, cancellationToken));

    private static IReadOnlyList<CountedCheck> Count(DuckDbConnection duck, ArraySegment<OrderedCheck> checks, CancellationToken cancellationToken)
    {
        var expressions = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var expression in checks.SelectMany(check => check.Check.Aggregates))
            expressions.TryAdd(expression, expressions.Count);
        if (expressions.Count == 0)
            return [.. checks.Select(check => new CountedCheck(check.Ordinal, check.Check, []))];
        var sql = $"""
            select
              {string.Join(",\n  ", expressions.Keys)}
            from {ValidatedTable.Batch}
            """;
        try
        {
            var values = duck.QueryRows(sql, row => Enumerable.Range(0, row.FieldCount).Select(row.GetValue).ToArray(), ct: cancellationToken)[0];
            return [.. checks.Select(check => new CountedCheck(
                check.Ordinal, check.Check, [.. check.Check.Aggregates.Select(expression => values[expressions[expression]])]))];
        }
        catch (DuckDbException problem) when (problem is not DuckDbInterruptedException)
        {
            if (checks.Count == 1)
                return [new CountedCheck(checks[0].Ordinal, checks[0].Check, [], CheckFailure.Words(problem))];
            var half = checks.Count / 2;
            return [.. Count(duck, checks[..half], cancellationToken), .. Count(duck, checks[half..], cancellationToken)];
        }
    }
}
