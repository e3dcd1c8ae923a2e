namespace EcomWorkflows.Pipeline.Sources;

/// <summary>How a silver table is made.</summary>
/// <param name="Sql">DuckDB SELECT over <c>{bronze.events}</c>-style names (bronze rows that validation let through) that yields the table's canonical columns.</param>
public sealed record SilverTable(IReadOnlyList<string> Sql);
