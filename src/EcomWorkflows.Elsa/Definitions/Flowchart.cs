using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>The meaning of a flowchart with everything inside it.</summary>
/// <param name="First">Tasks that nothing inside the flowchart comes before.</param>
/// <param name="Last">Tasks that nothing inside the flowchart comes after.</param>
internal sealed record Flowchart(IReadOnlyList<DagTask> Tasks, IReadOnlyList<DagEdge> Edges, IReadOnlyList<string> First, IReadOnlyList<string> Last);
