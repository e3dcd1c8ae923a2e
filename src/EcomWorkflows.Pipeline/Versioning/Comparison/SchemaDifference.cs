namespace EcomWorkflows.Pipeline.Versioning.Comparison;

/// <summary>A column that is not the same in two versions of a table.</summary>
/// <param name="Kind"><c>added</c>, <c>removed</c> or <c>type</c>.</param>
/// <param name="Before">Type in the earlier version; null where it has no such column.</param>
public sealed record SchemaDifference(string Kind, string Column, string? Before, string? After)
{
    internal static IReadOnlyList<SchemaDifference> Between(IReadOnlyList<DatasetColumn> before, IReadOnlyList<DatasetColumn> after)
    {
        var old = before.ToDictionary(c => c.Name, c => c.Type, StringComparer.Ordinal);
        var now = after.ToDictionary(c => c.Name, c => c.Type, StringComparer.Ordinal);
        return
        [
            .. after.Where(c => !old.ContainsKey(c.Name)).Select(c => new SchemaDifference("added", c.Name, null, c.Type)),
            .. before.Where(c => !now.ContainsKey(c.Name)).Select(c => new SchemaDifference("removed", c.Name, c.Type, null)),
            .. after.Where(c => old.TryGetValue(c.Name, out var type) && type != c.Type).Select(c => new SchemaDifference("type", c.Name, old[c.Name], c.Type)),
        ];
    }
}
