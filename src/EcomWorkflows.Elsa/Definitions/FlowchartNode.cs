using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>What an activity stands for when connections are read: a task, or a task group with its first and last tasks.</summary>
/// <param name="Id">Task id, or path of the group.</param>
/// <param name="Ports">Ports a connection may leave by; null where they are not known, because the activity itself has problems.</param>
internal sealed record FlowchartNode(string Id, bool IsGroup, IReadOnlyList<string> First, IReadOnlyList<string> Last, IReadOnlyList<string>? Ports)
{
    public static FlowchartNode Task(string taskId, IReadOnlyList<string>? ports) => new(taskId, false, [taskId], [taskId], ports);

    public static FlowchartNode Group(string path, IReadOnlyList<string> first, IReadOnlyList<string> last) => new(path, true, first, last, [DagEdge.DonePort]);
}
