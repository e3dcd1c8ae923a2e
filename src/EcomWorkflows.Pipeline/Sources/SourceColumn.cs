namespace EcomWorkflows.Pipeline.Sources;

/// <summary>One declared column.</summary>
/// <param name="Type">DuckDB type, for example <c>varchar</c>, <c>bigint</c>, <c>double</c>, <c>timestamp</c>.</param>
/// <param name="Description">Meaning and unit.</param>
/// <param name="Path">In JSON, members that lead to the value, with points between: <c>address.city</c>; null: the column's name.</param>
public sealed record SourceColumn(string Name, string Type, string? Description = null, string? Path = null);
