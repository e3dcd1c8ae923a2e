namespace EcomWorkflows.Orchestration.Dags;

/// <summary>A directed acyclic graph of tasks with its settings: the semantic content of one DAG version.</summary>
/// <param name="DagId">Stable id, <c>[A-Za-z0-9_.-]{1,250}</c>.</param>
/// <param name="Name">Name people see; the id where nothing better was given.</param>
/// <param name="Params">Declared parameters; a run may give only these.</param>
public sealed record Dag(
    string DagId,
    string Name,
    string? Description,
    DagSettings Settings,
    IReadOnlyList<DagParam> Params,
    IReadOnlyList<DagTask> Tasks,
    IReadOnlyList<DagEdge> Edges);
