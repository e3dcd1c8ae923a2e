using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Api;

/// <summary>A run with the DAG version it executes and its task instances.</summary>
public sealed record RunView(RunInfo Run, RunGraph Graph, IReadOnlyList<TaskInstanceInfo> Instances)
{
    public DagTask Task(TaskInstanceInfo instance) => Graph.Task(instance.TaskId);

    /// <exception cref="NotFoundException">The DAG has no such task.</exception>
    public TaskInstanceInfo Instance(string taskId, int mapIndex = -1) =>
        Instances.FirstOrDefault(i => i.TaskId == taskId && i.MapIndex == mapIndex)
        ?? throw new NotFoundException($"Run '{Run.RunKey}' of DAG '{Run.DagId}' has no task '{taskId}'; its tasks are: {string.Join(", ", Instances.Select(i => i.TaskId).Distinct())}.");
}
