using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>Reads a flowchart as tasks and edges; a flowchart inside it is a task group, whose tasks carry its path in their ids.</summary>
internal sealed class FlowchartReader(TaskRegistry registry, TemplateCheck templates, ProblemList problems)
{
    private const int MaxDepth = 10;

    private readonly ActivityReader reader = new(registry, templates, problems);

    /// <param name="group">Path of the group the flowchart is; null for the root.</param>
    public Flowchart Read(JsonObject flowchart, string? group = null)
    {
        var place = group is null ? "root" : $"group '{group}'";
        var nodes = new Dictionary<string, FlowchartNode>(StringComparer.Ordinal);
        var tasks = new List<DagTask>();
        var edges = new List<DagEdge>();
        foreach (var (activity, index) in Activities(flowchart, place).Select((activity, index) => (activity, index)))
        {
            if (activity.Text("id") is not { } id || string.IsNullOrWhiteSpace(id))
            {
                problems.Add($"{place}.activities[{index}].id", "The activity has no id. Give it one that is unique in the document; connections refer to it.");
                continue;
            }
            var path = group is null ? ActivityReader.TaskId(activity)! : $"{group}.{ActivityReader.TaskId(activity)}";
            if (activity.Text("type") == ElsaMembers.FlowchartType)
            {
                var inner = ReadGroup(activity, path);
                tasks.AddRange(inner.Tasks);
                edges.AddRange(inner.Edges);
                nodes.TryAdd(id, FlowchartNode.Group(path, inner.First, inner.Last));
            }
            else
            {
                var task = reader.Read(activity, path, group, out var ports);
                tasks.Add(task);
                nodes.TryAdd(id, FlowchartNode.Task(task.TaskId, ports));
            }
        }
        var drawn = new ConnectionReader(nodes, problems).Read(flowchart, place);
        edges.AddRange(drawn.SelectMany(c => c.From.Last.SelectMany(from => c.To.First.Select(to => new DagEdge(from, to, c.Port)))));
        var reached = drawn.Select(c => c.To).ToHashSet();
        var left = drawn.Select(c => c.From).ToHashSet();
        return new Flowchart(
            tasks, [.. edges.Distinct()],
            [.. nodes.Values.Where(n => !reached.Contains(n)).SelectMany(n => n.First)],
            [.. nodes.Values.Where(n => !left.Contains(n)).SelectMany(n => n.Last)]);
    }

    private Flowchart ReadGroup(JsonObject activity, string path)
    {
        var place = $"group '{path}'";
        if (path.Count(c => c == '.') >= MaxDepth)
        {
            problems.Add(place, $"Task groups stand inside each other more than {MaxDepth} deep. Flatten them.");
            return new Flowchart([], [], [], []);
        }
        if (activity["version"]?.ToJsonString() != "1")
            problems.Add($"{place}.version", $"The version of the flowchart is {Json.Shown(activity["version"])}. Write \"version\": 1.");
        foreach (var name in ElsaMembers.UnknownInputs(activity, SettingProperties.OfDags, flowchart: true))
            problems.Add($"{place}.{name}", $"A task group has no setting '{name}'. Settings stand at its tasks and at the DAG's root.");
        var inner = Read(activity, path);
        if (inner.Tasks.Count == 0)
            problems.Add($"{place}.activities", "The task group has no tasks. Add one, or remove the group.");
        return inner;
    }

    private List<JsonObject> Activities(JsonObject flowchart, string place)
    {
        if (flowchart["activities"] is { } given and not JsonArray)
            problems.Add($"{place}.activities", $"Expected a list of activities, found {Json.Shown(given)}.");
        var items = (flowchart["activities"] as JsonArray) ?? [];
        foreach (var (item, index) in items.Select((item, index) => (item, index)).Where(found => found.item is not JsonObject))
            problems.Add($"{place}.activities[{index}]", $"Expected an activity, found {Json.Shown(item)}.");
        var activities = items.OfType<JsonObject>().ToList();
        foreach (var twice in activities.GroupBy(a => a.Text("id")).Where(same => same.Key is { Length: > 0 } && same.Count() > 1))
            problems.Add($"{place}.activities", $"{twice.Count()} activities have the id '{twice.Key}'. Give each its own; connections refer to it.");
        return activities;
    }
}
