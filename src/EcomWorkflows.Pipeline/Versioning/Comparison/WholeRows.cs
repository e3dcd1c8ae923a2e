using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Versioning.Comparison;

/// <summary>Rows without a key: a row that is there twice is two rows, and a changed one is a removed and an added one.</summary>
internal sealed class WholeRows(DuckDbConnection duckDb, string before, string after, IReadOnlyList<ComparedColumn> columns, CancellationToken cancellationToken)
{
    private string Content => $"hash({string.Join(", ", columns.Select(c => c.Value()))})";

    public TableDifference Compare(int examples)
    {
        duckDb.Execute(
            $"""
            create or replace temp table row_change as
            select coalesce(b._content, a._content) as _content, coalesce(a.n, 0) - coalesce(b.n, 0) as delta
            from (select {Content} as _content, count(*) as n from {before} group by all) b
            full outer join (select {Content} as _content, count(*) as n from {after} group by all) a on a._content = b._content
            where b.n is distinct from a.n
            """,
            ct: cancellationToken);
        using var reader = duckDb.Query(
            "select coalesce(sum(delta) filter (delta > 0), 0)::bigint, coalesce(-sum(delta) filter (delta < 0), 0)::bigint from row_change", ct: cancellationToken);
        reader.Read();
        var (added, removed) = (reader.Get<long>(0), reader.Get<long>(1));
        reader.Dispose();
        return new TableDifference(
            "", [], "", 0, 0, added, removed, 0, [], new Dictionary<string, long>(), [],
            examples == 0 ? [] : [.. Examples("added", after, "> 0", examples), .. Examples("removed", before, "< 0", examples)]);
    }

    private IReadOnlyList<RowExample> Examples(string change, string scan, string delta, int count) => duckDb.QueryRows(
        $"""
        select {string.Join(", ", columns.Select(c => $"{c.Quoted}::varchar"))}
        from {scan}
        where {Content} in (select _content from row_change where delta {delta})
        order by all
        limit {count}
        """,
        row => new RowExample(change, columns.Select((c, i) => (c.Name, Value: row.Get<string?>(i))).ToDictionary(c => c.Name, c => c.Value, StringComparer.Ordinal), []),
        ct: cancellationToken);
}
