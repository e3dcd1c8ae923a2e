namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Outputs of <see cref="BranchTask"/>.</summary>
public sealed record BranchOutputs(IReadOnlyList<string> Chosen);
