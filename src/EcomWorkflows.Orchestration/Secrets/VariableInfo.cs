namespace EcomWorkflows.Orchestration.Secrets;

/// <summary>A variable as lists show it.</summary>
/// <param name="Value">Null for a secret: it is never shown again.</param>
public sealed record VariableInfo(string Name, string? Value, bool IsSecret, string Description, DateTimeOffset UpdatedAt, string UpdatedBy);
