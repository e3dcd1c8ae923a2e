namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Inputs of a task that needs none.</summary>
public sealed record NoInputs;
