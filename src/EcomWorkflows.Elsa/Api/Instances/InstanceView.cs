using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>A run with the nodes of its DAG version and what has become of them.</summary>
/// <param name="Attempts">By task instance, oldest first.</param>
internal sealed record InstanceView(
    FoundRun Run, RunGraph Graph, DagNodes Nodes, IReadOnlyList<TaskInstanceInfo> Instances, ILookup<long, AttemptInfo> Attempts)
{
    public ILookup<string, TaskInstanceInfo> ByTask { get; } = Instances.ToLookup(i => i.TaskId, StringComparer.Ordinal);

    /// <summary>The task instances a node stands for: those of its task, or of every task in its group.</summary>
    public IEnumerable<TaskInstanceInfo> Of(DagNode node) => node.TaskId is { } taskId ? ByTask[taskId] : Instances.Where(i => node.Holds(i.TaskId));
}
