namespace EcomWorkflows.Elsa.Definitions;

/// <summary>Where a task stands in a picture of its DAG.</summary>
/// <param name="Column">Longest path from a task without upstreams.</param>
/// <param name="Row">Place from the top, in rows; fractions centre short columns.</param>
public sealed record GraphPlace(int Column, double Row);
