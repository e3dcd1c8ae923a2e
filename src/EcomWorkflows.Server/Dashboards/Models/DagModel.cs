using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>One DAG with its picture and the grid of its newest runs.</summary>
/// <param name="States">State by (run, task).</param>
public sealed record DagModel(
    DagRow Row,
    GraphPicture Picture,
    IReadOnlyList<string> TaskOrder,
    IReadOnlyDictionary<(long RunId, string TaskId), TaskInstanceInfo> States,
    IReadOnlyList<DagVersionInfo> Versions,
    IReadOnlyList<DateTimeOffset> NextRuns,
    DateTimeOffset Now,
    string? Notice);
