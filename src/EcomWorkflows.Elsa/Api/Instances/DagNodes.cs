using System.Text.Json.Nodes;
using EcomWorkflows.Elsa.Definitions;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>The nodes of one DAG version: which node of Studio's canvas stands for which task or group.</summary>
internal sealed class DagNodes
{
    private readonly Dictionary<string, DagNode> byTask = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DagNode> byNodeId = new(StringComparer.Ordinal);

    private DagNodes(IEnumerable<DagNode> nodes)
    {
        foreach (var node in nodes)
        {
            byNodeId.TryAdd(node.NodeId, node);
            if (node.TaskId is { } taskId)
                byTask.TryAdd(taskId, node);
        }
        Root = byNodeId.Values.First(n => n.Group is "");
    }

    public DagNode Root { get; }

    /// <summary>Root, groups and tasks; parents before their children.</summary>
    public IEnumerable<DagNode> All => byNodeId.Values;

    /// <summary>The definition's variables; those named like a parameter hold its default.</summary>
    public IReadOnlyList<(string Id, string Name)> Variables { get; private init; } = [];

    public static DagNodes Read(string document)
    {
        var definition = JsonNode.Parse(document)!.AsObject();
        ActivityNodes.Assign(definition.EnsureObject("root"));
        var rootId = definition.Object("root")!.Text("id")!;
        var root = new DagNode(rootId, ActivityNodes.Root(definition)!, ElsaMembers.FlowchartType, 1, definition.Text("name"), TaskId: null, Group: "");
        return new DagNodes([root, .. ActivityNodes.Read(definition).Select(Node)])
        {
            Variables = [.. definition.Objects("variables").Where(v => v.Text("name") is not null).Select(v => (v.Text("id") ?? v.Text("name")!, v.Text("name")!))],
        };
    }

    /// <summary>The node of a task; one made from the task alone where the document does not have it any more.</summary>
    public DagNode OfTask(string taskId) =>
        byTask.TryGetValue(taskId, out var node) ? node : new DagNode(taskId, $"{Root.NodeId}:{taskId}", ElsaMembers.NotFoundType, 1, taskId, taskId, Group: null);

    public DagNode? Find(string nodeId) => byNodeId.GetValueOrDefault(nodeId);

    /// <summary>The innermost group a task lies in; the root where it lies in none.</summary>
    public DagNode ParentOf(string taskId) => All.Where(n => n.Holds(taskId)).MaxBy(n => n.Group!.Length)!;

    private static DagNode Node(ActivityNode node)
    {
        var isGroup = node.Type == ElsaMembers.FlowchartType;
        return new DagNode(node.ActivityId, node.NodeId, node.Type, node.Version, node.Name, isGroup ? null : node.TaskId, isGroup ? node.TaskId : null);
    }
}
