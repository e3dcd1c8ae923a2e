using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>One DAG with its picture and the grid of its newest runs.</summary>
/// <param name="States">State by (run, task).</param>
/// <param name="ScheduleProblem">Why the schedule cannot be read; null where it can.</param>
public sealed record DagModel(
    DagRow Row,
    GraphPicture Picture,
    IReadOnlyList<string> TaskOrder,
    IReadOnlyDictionary<(long RunId, string TaskId), TaskInstanceInfo> States,
    IReadOnlyList<DagVersionInfo> Versions,
    IReadOnlyList<DateTimeOffset> NextRuns,
    string? ScheduleProblem,
    DateTimeOffset Now,
    string? Notice);
