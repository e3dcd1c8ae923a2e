using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Api;

/// <summary>A run with the DAG version it executes and its task instances.</summary>
public sealed record RunView(RunInfo Run, RunGraph Graph, IReadOnlyList<TaskInstanceInfo> Instances)
{
    /// <summary>The task of an instance; one that the run's version has no more is known by its id only.</summary>
    public DagTask Task(TaskInstanceInfo instance) =>
        Graph.Contains(instance.TaskId) ? Graph.Task(instance.TaskId) : new DagTask(instance.TaskId, "", instance.TaskId, [], new TaskSettings());

    /// <exception cref="NotFoundException">The DAG has no such task.</exception>
    public TaskInstanceInfo Instance(string taskId, int mapIndex = -1) =>
        Instances.FirstOrDefault(i => i.TaskId == taskId && i.MapIndex == mapIndex)
        ?? throw new NotFoundException($"Run '{Run.RunKey}' of DAG '{Run.DagId}' has no task '{taskId}'; its tasks are: {string.Join(", ", Instances.Select(i => i.TaskId).Distinct())}.");
}
