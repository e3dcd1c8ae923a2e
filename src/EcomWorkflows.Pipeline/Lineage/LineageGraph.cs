namespace EcomWorkflows.Pipeline.Lineage;

/// <summary>Everything something was made from, back to the raw files; and, where that was asked for, what was made from it.</summary>
/// <param name="Start">Id of the node it is about.</param>
public sealed record LineageGraph(string Start, IReadOnlyList<LineageNode> Nodes, IReadOnlyList<LineageEdge> Edges);
