using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Features.Offline;

/// <summary>All that is known of a view version's past: its files in the lake, and rows pushed since the last materialisation.</summary>
/// <param name="Files">Table expression over the files; null where there are none.</param>
internal sealed record HistoryScan(FeatureView View, string? Files, IReadOnlyList<PushedRow> Pushed)
{
    /// <summary>Makes a view of this name: <c>entity_key</c>, <c>event_timestamp</c>, <c>created_timestamp</c>, then the features; and a table of the pushed rows alone, with <c>_pushed</c> after the name.</summary>
    public void Attach(DuckDbConnection duck, string name, CancellationToken cancellationToken)
    {
        var columns = string.Join(", ", View.Features.Select(f => $"cast({DuckDbSql.Identifier(f.Name)} as {f.Type.DuckDb()}) as {DuckDbSql.Identifier(f.Name)}"));
        var parts = new List<string>();
        if (Files is not null)
            parts.Add($"select {KeyOf(View.JoinKeys)} as entity_key, event_timestamp, created_timestamp, {columns} from {Files}");
        duck.Execute(
            $"""
            create temp table {name}_pushed (entity_key varchar, event_timestamp timestamp, created_timestamp timestamp, {string.Join(", ", View.Features.Select(f => $"{DuckDbSql.Identifier(f.Name)} {f.Type.DuckDb()}"))})
            """,
            ct: cancellationToken);
        LoadPushed(duck, $"{name}_pushed");
        if (Pushed.Count > 0 || Files is null)
            parts.Add($"select * from {name}_pushed");
        duck.Execute($"create temp view {name} as {string.Join(" union all ", parts)}", ct: cancellationToken);
    }

    /// <summary>The key of a row as the online store has it.</summary>
    public static string KeyOf(IReadOnlyList<string> joinKeys, string? of = null)
    {
        var columns = joinKeys.Select(k => $"cast({of}{DuckDbSql.Identifier(k)} as varchar)").ToArray();
        return columns.Length == 1 ? columns[0] : $"({string.Join(" || chr(31) || ", columns)})";
    }

    private void LoadPushed(DuckDbConnection duck, string table)
    {
        using var appender = duck.CreateAppender(table);
        foreach (var row in Pushed)
        {
            appender.Append(row.EntityKey).Append(row.EventTimestamp).Append(row.CreatedTimestamp);
            for (var i = 0; i < View.Features.Count; i++)
                Append(appender, PackedValues.Value(row.Values, View.Features, i));
            appender.EndRow();
        }
    }

    private static void Append(DuckDbAppender appender, object? value)
    {
        switch (value)
        {
            case double number:
                appender.Append(number);
                break;
            case long whole:
                appender.Append(whole);
                break;
            case bool flag:
                appender.Append(flag);
                break;
            case string text:
                appender.Append(text);
                break;
            case DateTimeOffset time:
                appender.Append(time);
                break;
            default:
                appender.AppendNull();
                break;
        }
    }
}
