namespace EcomWorkflows.Orchestration.Planning;

/// <summary>Which queued instances start now.</summary>
/// <param name="Chosen">In queue order.</param>
/// <param name="PassedOver">Too wide for the open slots while a later one of the same pool starts: their count goes up by one.</param>
public sealed record QueueChoice(IReadOnlyList<QueueCandidate> Chosen, IReadOnlyList<QueueCandidate> PassedOver);
