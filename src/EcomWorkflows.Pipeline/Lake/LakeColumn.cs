namespace EcomWorkflows.Pipeline.Lake;

/// <summary>A column of a lake table.</summary>
/// <param name="Type">DuckDB's name of the type.</param>
public sealed record LakeColumn(string Name, string Type);
