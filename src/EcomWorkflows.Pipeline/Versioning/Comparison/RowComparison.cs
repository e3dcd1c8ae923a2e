using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Versioning.Comparison;

/// <summary>Matches the rows of a table in two versions by key and counts what is different; one pass over each side, then a join of keys and row hashes.</summary>
/// <param name="before">Table expression over all files of the earlier version.</param>
/// <param name="after">The same of the later one.</param>
/// <remarks>Rows with the same key count as equal where the 64-bit hashes of their values are: one pair in 10¹⁹ different ones is taken for equal.</remarks>
internal sealed class RowComparison(DuckDbConnection duckDb, string before, string after, CancellationToken cancellationToken)
{
    private const int LongestFoundKey = 3;

    /// <summary>Table expression over the files only the earlier version has.</summary>
    public required string BeforeOnly { get; init; }

    public required string AfterOnly { get; init; }

    /// <exception cref="DatasetException">The key asked for does not exist, or is not unique.</exception>
    public TableDifference Run(string name, DatasetTable table, ComparisonOptions asked)
    {
        var (old, now) = (TableStatistics.Columns(duckDb, before, cancellationToken), TableStatistics.Columns(duckDb, after, cancellationToken));
        var schema = SchemaDifference.Between(old, now);
        var retyped = schema.Where(s => s.Kind == "type").Select(s => s.Column).ToHashSet(StringComparer.Ordinal);
        IReadOnlyList<ComparedColumn> columns = [.. now.Where(c => old.Any(o => o.Name == c.Name)).Select(c => new ComparedColumn(c.Name, retyped.Contains(c.Name)))];
        var (key, note) = FindKey(name, table, columns, asked);
        var (rowsBefore, rowsAfter) = (Count(before), Count(after));
        var difference = key.Count > 0
            ? new KeyedRows(duckDb, BeforeOnly, AfterOnly, columns, key, cancellationToken).Compare(asked.Examples)
            : new WholeRows(duckDb, BeforeOnly, AfterOnly, columns, cancellationToken).Compare(asked.Examples);
        return difference with { Table = name, KeyNote = note, RowsBefore = rowsBefore, RowsAfter = rowsAfter, Schema = schema };
    }

    private (IReadOnlyList<ComparedColumn> Key, string Note) FindKey(string name, DatasetTable table, IReadOnlyList<ComparedColumn> columns, ComparisonOptions asked)
    {
        if (asked.Key.Count > 0)
        {
            if (asked.Key.FirstOrDefault(k => columns.All(c => c.Name != k)) is { } unknown)
                throw new DatasetException($"The key column '{unknown}' is not in both versions of {name}; columns of both are {string.Join(", ", columns.Select(c => c.Name))}.");
            var given = Columns(asked.Key);
            return Repeated(given) is 0
                ? (given, "as asked for")
                : throw new DatasetException($"The key {string.Join(", ", asked.Key)} does not tell the rows of {name} apart: {Repeated(given):#,0} rows have one that another row has too. Name more columns.");
        }
        if (table.Key is { Count: > 0 } known && known.All(k => columns.Any(c => c.Name == k)) && Repeated(Columns(known)) == 0)
            return (Columns(known), "of the manifest");
        for (var length = 1; length <= Math.Min(LongestFoundKey, columns.Count - 1); length++)
        {
            IReadOnlyList<ComparedColumn> candidate = [.. columns.Take(length)];
            if (Repeated(candidate) == 0)
                return (candidate, $"the first {(length == 1 ? "column tells" : $"{length} columns tell")} all rows apart");
        }
        return ([], "no key is known and the first columns are not one: whole rows are compared; name one with --key");

        IReadOnlyList<ComparedColumn> Columns(IReadOnlyList<string> names) => [.. names.Select(n => columns.First(c => c.Name == n))];
    }

    /// <summary>Rows whose key another row of the same version has too.</summary>
    private long Repeated(IReadOnlyList<ComparedColumn> key) => Math.Max(Repeated(BeforeOnly, key), Repeated(AfterOnly, key));

    private long Repeated(string scan, IReadOnlyList<ComparedColumn> key) => duckDb.Scalar<long>(
        $"""
        select coalesce(sum(n), 0)::bigint
        from (
          select count(*) as n
          from {scan}
          group by {string.Join(", ", key.Select(k => k.Quoted))}
          having count(*) > 1)
        """,
        ct: cancellationToken);

    private long Count(string scan) => duckDb.Scalar<long>($"select count(*) from {scan}", ct: cancellationToken);
}
