namespace EcomWorkflows.Pipeline.Simulation.Defects;

/// <summary>How many defects of one kind were planted.</summary>
public sealed record DefectTotal(string Entity, string Kind, string Rule, long Count);
