namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>A column of a versioned table.</summary>
/// <param name="Type">DuckDB type.</param>
/// <param name="Statistics">Null where they were not computed.</param>
public sealed record DatasetColumn(string Name, string Type, ColumnStatistics? Statistics = null);
