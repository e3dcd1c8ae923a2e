namespace EcomWorkflows.Pipeline.Validation.RowRules;

/// <summary>A property of a validated row and the column it is read from.</summary>
/// <param name="Name">Column: the property's name in snake case (<c>SignupAt</c> reads <c>signup_at</c>).</param>
/// <param name="Type">DuckDB type the column is read as.</param>
internal sealed record RowColumn(string Property, string Name, string Type);
