using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Elsa.Definitions;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>The nodes of one DAG version: which node of Studio's canvas stands for which task or group.</summary>
internal sealed class DagNodes
{
    private const string WorkflowNode = "Workflow1";

    private readonly Dictionary<string, DagNode> byTask = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DagNode> byNodeId = new(StringComparer.Ordinal);

    private DagNodes(DagNode root) => Root = root;

    public DagNode Root { get; }

    /// <summary>Root, groups and tasks; parents before their children.</summary>
    public IEnumerable<DagNode> All => byNodeId.Values;

    /// <summary>The definition's variables; those named like a parameter hold its default.</summary>
    public IReadOnlyList<(string Id, string Name)> Variables { get; private init; } = [];

    public static DagNodes Read(string document)
    {
        var definition = JsonNode.Parse(document)!.AsObject();
        var root = definition.Object("root") ?? [];
        var rootId = root.Text("id") is { Length: > 0 } id ? id : "root";
        var nodes = new DagNodes(Node(root, rootId, $"{WorkflowNode}:{rootId}", taskId: null, group: ""))
        {
            Variables = [.. definition.Objects("variables").Where(v => v.Text("name") is not null).Select(v => (v.Text("id") ?? v.Text("name")!, v.Text("name")!))],
        };
        nodes.Add(nodes.Root);
        nodes.AddChildren(root, nodes.Root);
        return nodes;
    }

    /// <summary>The node of a task; one made from the task alone where the document does not have it any more.</summary>
    public DagNode OfTask(string taskId) =>
        byTask.TryGetValue(taskId, out var node) ? node : new DagNode(taskId, $"{Root.NodeId}:{taskId}", ElsaMembers.NotFoundType, 1, taskId, taskId, Group: null);

    public DagNode? Find(string nodeId) => byNodeId.GetValueOrDefault(nodeId);

    /// <summary>The innermost group a task lies in; the root where it lies in none.</summary>
    public DagNode ParentOf(string taskId) => All.Where(n => n.Holds(taskId)).MaxBy(n => n.Group!.Length)!;

    private void AddChildren(JsonObject flowchart, DagNode parent)
    {
        foreach (var activity in flowchart.Objects("activities"))
        {
            if (activity.Text("id") is not { Length: > 0 } activityId || ActivityReader.TaskId(activity) is not { } ownName)
                continue;
            var path = parent.Group is { Length: > 0 } group ? $"{group}.{ownName}" : ownName;
            var isGroup = activity.Text("type") == ElsaMembers.FlowchartType;
            var node = Node(activity, activityId, $"{parent.NodeId}:{activityId}", isGroup ? null : path, isGroup ? path : null);
            Add(node);
            if (isGroup)
                AddChildren(activity, node);
        }
    }

    private void Add(DagNode node)
    {
        byNodeId.TryAdd(node.NodeId, node);
        if (node.TaskId is { } taskId)
            byTask.TryAdd(taskId, node);
    }

    private static DagNode Node(JsonObject activity, string activityId, string nodeId, string? taskId, string? group) => new(
        activityId, nodeId, activity.Text("type") ?? ElsaMembers.FlowchartType,
        activity["version"] is { } version && version.GetValueKind() == JsonValueKind.Number ? version.GetValue<int>() : 1,
        activity.Text("name"), taskId, group);
}
