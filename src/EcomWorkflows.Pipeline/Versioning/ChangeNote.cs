namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>Says in one line what is new in a version.</summary>
internal static class ChangeNote
{
    public static string Describe(DatasetManifest? previous, DatasetContent current)
    {
        if (previous is null)
            return $"First version: {Count(current.Rows, "row")} in {Count(current.Files.Count, "file")}.";
        var before = previous.Files.ToDictionary(f => f.RelativePath, f => f.Md5, StringComparer.Ordinal);
        var now = current.Files.ToDictionary(f => f.RelativePath, f => f.Md5, StringComparer.Ordinal);
        var added = now.Keys.Count(path => !before.ContainsKey(path));
        var removed = before.Keys.Count(path => !now.ContainsKey(path));
        var changed = now.Count(file => before.TryGetValue(file.Key, out var md5) && md5 != file.Value);
        var schema = previous.SchemaHash == current.SchemaHash ? "schema unchanged" : SchemaChange(previous, current);
        return $"{current.Rows - previous.Rows:+#,0;-#,0;+0} rows ({current.Rows:#,0} now); files: {added} added, {changed} changed, {removed} removed; {schema}.";
    }

    private static string SchemaChange(DatasetManifest previous, DatasetContent current)
    {
        var before = Columns(previous.Tables);
        var now = Columns(current.Tables);
        var parts = new List<string>();
        Add("columns added", now.Keys.Except(before.Keys, StringComparer.Ordinal));
        Add("columns removed", before.Keys.Except(now.Keys, StringComparer.Ordinal));
        Add("types changed", now.Where(c => before.TryGetValue(c.Key, out var type) && type != c.Value).Select(c => $"{c.Key} ({before[c.Key]} to {c.Value})"));
        return parts.Count == 0 ? "column order changed" : string.Join("; ", parts);

        void Add(string what, IEnumerable<string> names)
        {
            var list = string.Join(", ", names.Order(StringComparer.Ordinal));
            if (list.Length > 0)
                parts.Add($"{what}: {list}");
        }
    }

    private static Dictionary<string, string> Columns(IEnumerable<DatasetTable> tables) =>
        tables.SelectMany(t => t.Columns.Select(c => (Name: $"{t.Name}.{c.Name}", c.Type)))
            .GroupBy(c => c.Name, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.First().Type, StringComparer.Ordinal);

    private static string Count(long number, string noun) => $"{number:#,0} {noun}{(number == 1 ? "" : "s")}";
}
