namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Outputs of a task that has none.</summary>
public sealed record NoOutputs;
