namespace EcomWorkflows.Orchestration.Storage;

/// <summary>What a node can take on.</summary>
/// <param name="Capacity">Attempts it has places for; 0 where it wants none.</param>
public readonly record struct NodeDemand(Guid NodeId, int Capacity);
