namespace EcomWorkflows.Pipeline.Simulation.Defects;

/// <summary>A row with one planted defect.</summary>
/// <param name="Column">The field at fault; null where the whole row is.</param>
/// <param name="Value">What stands there.</param>
internal sealed record FaultyRow(IReadOnlyList<string> Fields, string? Column, string Value);
