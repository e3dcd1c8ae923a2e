using System.Text.Json.Nodes;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>Node ids: the ids from the top of the workflow down to an activity, joined with colons. Studio matches journal and badges by them.</summary>
public static class ActivityNodes
{
    private const string WorkflowNode = "Workflow1";

    /// <summary>All activities below the root, groups before what is in them.</summary>
    public static IReadOnlyList<ActivityNode> Read(JsonObject definition)
    {
        var nodes = new List<ActivityNode>();
        if (definition["root"] is JsonObject root)
            Read(root, NodeId(WorkflowNode, root), group: null, nodes);
        return nodes;
    }

    /// <summary>Node id of the root flowchart; null for a definition without one.</summary>
    public static string? Root(JsonObject definition) => definition["root"] is JsonObject root ? NodeId(WorkflowNode, root) : null;

    /// <summary>Gives the root and everything below it node ids; an activity without an id gets one.</summary>
    internal static void Assign(JsonObject root)
    {
        if (root.Text("id") is not { Length: > 0 })
            root["id"] = "root";
        Assign(root, WorkflowNode);
    }

    private static void Assign(JsonObject activity, string parentNode)
    {
        var nodeId = NodeId(parentNode, activity);
        activity["nodeId"] = nodeId;
        var children = activity.Objects("activities").ToList();
        var taken = children.Select(child => child.Text("id")).ToHashSet();
        foreach (var child in children)
        {
            if (child.Text("id") is not { Length: > 0 })
                child["id"] = Enumerable.Range(1, children.Count).Select(number => $"activity{number}").First(taken.Add);
            Assign(child, nodeId);
        }
    }

    private static void Read(JsonObject parent, string parentNode, string? group, List<ActivityNode> nodes)
    {
        foreach (var activity in parent.Objects("activities").Where(a => a.Text("id") is { Length: > 0 }))
        {
            var name = ActivityReader.TaskId(activity)!;
            var taskId = group is null ? name : $"{group}.{name}";
            var nodeId = NodeId(parentNode, activity);
            var version = activity["version"] is JsonValue number && number.TryGetValue<int>(out var given) ? given : 1;
            var displayName = activity.Object("metadata")?.Text("displayText") is { Length: > 0 } shown ? shown : name;
            nodes.Add(new ActivityNode(taskId, activity.Text("id")!, nodeId, parentNode, activity.Text("type") ?? "", version, displayName));
            Read(activity, nodeId, taskId, nodes);
        }
    }

    private static string NodeId(string parentNode, JsonObject activity) => $"{parentNode}:{activity.Text("id")}";
}
