namespace EcomWorkflows.Orchestration.Tests.Reference;

/// <summary>What a scripted attempt reports.</summary>
internal sealed record ScriptedOutcome(OutcomeKind Kind, IReadOnlyList<string>? Ports = null, bool? CutsDirectOnly = null, int? ListLength = null);
