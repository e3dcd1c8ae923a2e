namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Outputs of <see cref="ShortCircuitTask"/>.</summary>
public sealed record ShortCircuitOutputs(bool GoesOn);
