namespace EcomWorkflows.Pipeline.Versioning;

/// <param name="Type">DuckDB type.</param>
internal sealed record DatasetColumn(string Name, string Type);
