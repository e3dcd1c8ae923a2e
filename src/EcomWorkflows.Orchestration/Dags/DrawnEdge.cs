namespace EcomWorkflows.Orchestration.Dags;

/// <summary>A connection between two nodes of one flowchart; a node is a task or a whole task group.</summary>
/// <param name="Level">Path of the group whose flowchart it is drawn in; null for the root.</param>
/// <param name="From">Task id, or path of a group: then from its last tasks.</param>
/// <param name="To">Task id, or path of a group: then to its first tasks.</param>
public readonly record struct DrawnEdge(string? Level, string From, string To, string Port);
