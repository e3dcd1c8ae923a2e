using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Versioning.Comparison;

/// <summary>Rows matched by a key that is unique on both sides.</summary>
internal sealed class KeyedRows(
    DuckDbConnection duckDb, string before, string after, IReadOnlyList<ComparedColumn> columns, IReadOnlyList<ComparedColumn> key, CancellationToken cancellationToken)
{
    private readonly IReadOnlyList<ComparedColumn> values = [.. columns.Except(key)];

    private string Keys => string.Join(", ", key.Select(k => $"{k.Value()} as {k.Quoted}"));

    private string KeyNames => string.Join(", ", key.Select(k => k.Quoted));

    private string Content => values.Count == 0 ? "0::ubigint" : $"hash({string.Join(", ", values.Select(v => v.Value()))})";

    public TableDifference Compare(int examples)
    {
        duckDb.Execute(
            $"""
            create or replace temp table row_change as
            select {string.Join(", ", key.Select(k => $"coalesce(b.{k.Quoted}, a.{k.Quoted}) as {k.Quoted}"))},
              case when b._content is null then 'added' when a._content is null then 'removed' else 'changed' end as _change
            from (select {Keys}, {Content} as _content from {before}) b
            full outer join (select {Keys}, {Content} as _content from {after}) a
              on {string.Join(" and ", key.Select(k => $"b.{k.Quoted} is not distinct from a.{k.Quoted}"))}
            where b._content is distinct from a._content
            """,
            ct: cancellationToken);
        var counts = duckDb.QueryRows(
            "select _change, count(*) from row_change group by all", row => (Change: row.Get<string>(0), Rows: row.Get<long>(1)), ct: cancellationToken)
            .ToDictionary(c => c.Change, c => c.Rows, StringComparer.Ordinal);
        var changed = counts.GetValueOrDefault("changed");
        if (changed > 0 || (counts.Count > 0 && examples > 0))
            KeepDifferent();
        return new TableDifference(
            "", [.. key.Select(k => k.Name)], "", 0, 0, counts.GetValueOrDefault("added"), counts.GetValueOrDefault("removed"), changed, [],
            changed == 0 ? new Dictionary<string, long>() : ChangedColumns(), [], examples == 0 ? [] : [.. Examples("changed", examples), .. Examples("added", examples), .. Examples("removed", examples)]);
    }

    /// <summary>The rows that differ, whole: each side is read once more for all that is asked about them.</summary>
    private void KeepDifferent() => duckDb.Execute(
        $"""
        create or replace temp table different_before as
        select b.*
        from {before} b
        semi join row_change r on {On("b")};

        create or replace temp table different_after as
        select a.*
        from {after} a
        semi join row_change r on {On("a")}
        """,
        ct: cancellationToken);

    private Dictionary<string, long> ChangedColumns()
    {
        using var reader = duckDb.Query(
            $"""
            select {string.Join(", ", values.Select(v => $"count(*) filter ({v.Value("b")} is distinct from {v.Value("a")})"))}
            from (select * from row_change where _change = 'changed') r
            join different_before b on {On("b")}
            join different_after a on {On("a")}
            """,
            ct: cancellationToken);
        reader.Read();
        return values.Select((v, i) => (v.Name, Rows: reader.Get<long>(i))).Where(c => c.Rows > 0).OrderByDescending(c => c.Rows).ToDictionary(c => c.Name, c => c.Rows, StringComparer.Ordinal);
    }

    private IReadOnlyList<RowExample> Examples(string change, int count) => duckDb.QueryRows(
        $"""
        select {string.Join(", ", key.Select(k => $"r.{k.Quoted}::varchar").Concat(values.SelectMany(v => new[] { $"b.{v.Quoted}::varchar", $"a.{v.Quoted}::varchar" })))}
        from (select * from row_change where _change = '{change}' order by {KeyNames} limit {count}) r
        left join different_before b on {On("b")}
        left join different_after a on {On("a")}
        order by {string.Join(", ", key.Select(k => $"r.{k.Quoted}"))}
        """,
        row => new RowExample(
            change,
            key.Select((k, i) => (k.Name, Value: row.Get<string?>(i))).ToDictionary(k => k.Name, k => k.Value, StringComparer.Ordinal),
            [.. values.Select((v, i) => new ValueChange(v.Name, row.Get<string?>(key.Count + (2 * i)), row.Get<string?>(key.Count + (2 * i) + 1))).Where(v => v.Before != v.After)]),
        ct: cancellationToken);

    private string On(string side) => string.Join(" and ", key.Select(k => $"{k.Value(side)} is not distinct from r.{k.Quoted}"));
}
