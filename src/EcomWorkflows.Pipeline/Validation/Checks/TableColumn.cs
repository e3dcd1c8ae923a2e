namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>A column of the table under validation.</summary>
/// <param name="Type">DuckDB's name of the type, for example <c>VARCHAR</c>.</param>
internal sealed record TableColumn(string Name, string Type);
