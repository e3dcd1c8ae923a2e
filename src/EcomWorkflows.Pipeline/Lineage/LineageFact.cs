namespace EcomWorkflows.Pipeline.Lineage;

/// <summary>Something known about a node.</summary>
public sealed record LineageFact(string Name, string Value);
