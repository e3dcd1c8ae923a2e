using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>Writes a DAG as a workflow definition; a value that already says the right thing keeps the form it has.</summary>
internal sealed class DocumentWriter(TaskRegistry registry)
{
    private const string WorkflowNode = "Workflow1";

    public JsonObject Write(Dag dag, JsonObject? previous)
    {
        var definition = (JsonObject?)previous?.DeepClone() ?? [];
        definition["definitionId"] = dag.DagId;
        definition["name"] = dag.Name;
        definition["description"] = dag.Description;
        ParamWriter.Write(definition, dag.Params);
        var root = definition.EnsureObject("root");
        var rootId = root.Text("id") is { Length: > 0 } id ? id : dag.DagId + "-root";
        root["id"] = rootId;
        root["nodeId"] = $"{WorkflowNode}:{rootId}";
        root["type"] = ElsaMembers.FlowchartType;
        root["version"] = 1;
        WriteSettings(root, SettingProperties.OfDags, DagSettingInputs.From(dag.Settings), new DagSettingInputs());
        WriteFlowchart(root, null, new FlowchartContent(dag), $"{WorkflowNode}:{rootId}");
        return definition;
    }

    private void WriteFlowchart(JsonObject flowchart, string? level, FlowchartContent content, string nodeId)
    {
        var known = flowchart.Objects("activities").Where(a => ActivityReader.TaskId(a) is not null).GroupBy(a => ActivityReader.TaskId(a)!).ToDictionary(g => g.Key, g => g.First());
        var places = new Lazy<IReadOnlyDictionary<string, GraphPlace>>(() => content.Arrange(level));
        var written = new JsonArray();
        var activityIds = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var node in content.Nodes(level))
        {
            var name = FlowchartContent.LocalName(node, level);
            var task = content.Task(node);
            var activity = known.TryGetValue(name, out var found) && found.Text("type") == ElsaMembers.FlowchartType == task is null
                ? (JsonObject)found.DeepClone()
                : New(places.Value[node]);
            activity["id"] = activity.Text("id") is { Length: > 0 } id ? id : name;
            activity["nodeId"] = $"{nodeId}:{activity.Text("id")}";
            activity["name"] = name;
            if (task is null)
                WriteGroup(activity, node, content);
            else
                Write(activity, task);
            written.Add(activity);
            activityIds[node] = activity.Text("id")!;
        }
        flowchart["activities"] = written;
        WriteConnections(flowchart, content.Edges(level), activityIds);
    }

    private void WriteGroup(JsonObject activity, string path, FlowchartContent content)
    {
        activity["type"] = ElsaMembers.FlowchartType;
        activity["version"] = 1;
        WriteFlowchart(activity, path, content, activity.Text("nodeId")!);
    }

    private static JsonObject New(GraphPlace place)
    {
        var activity = new JsonObject { ["customProperties"] = new JsonObject() };
        CanvasPlaces.Put(activity, place);
        return activity;
    }

    private void Write(JsonObject activity, DagTask task)
    {
        activity["type"] = task.TaskType;
        registry.TryFind(task.TaskType, out var descriptor);
        activity["version"] = descriptor?.Version ?? 1;
        var metadata = activity.EnsureObject("metadata");
        if (task.DisplayName != task.TaskId)
            metadata["displayText"] = task.DisplayName;
        else if (metadata.Text("displayText") is { } shown && shown != task.TaskId)
            metadata.Remove("displayText");
        WriteInputs(activity, descriptor?.Inputs ?? [], task.Inputs);
        WriteSettings(activity, SettingProperties.OfTasks, TaskSettingInputs.From(task.Settings), new TaskSettingInputs());
    }

    private static void WriteInputs(JsonObject activity, IReadOnlyList<TaskPropertyDescriptor> properties, JsonObject values)
    {
        foreach (var property in properties)
        {
            var name = Json.CamelCase(property.Name);
            if (values[name] is not { } value)
                activity.Remove(name);
            else if (!Says(activity[name], value, property.Type))
                activity[name] = InputValue.Wrap(value, property.Type);
        }
    }

    /// <summary>A default that was written out stays written out; one that was left out stays out.</summary>
    private static void WriteSettings<TSettings>(JsonObject activity, IReadOnlyList<TaskPropertyDescriptor> properties, TSettings settings, TSettings defaults)
    {
        var values = JsonSerializer.SerializeToNode(settings, TaskJson.Options)!.AsObject();
        var usual = JsonSerializer.SerializeToNode(defaults, TaskJson.Options)!.AsObject();
        foreach (var property in properties)
        {
            var name = Json.CamelCase(property.Name);
            var writtenOut = values[name] is { } value && Says(activity[name], value, property.Type);
            if (!writtenOut && JsonNode.DeepEquals(values[name], usual[name]))
                values.Remove(name);
        }
        WriteInputs(activity, properties, values);
    }

    private static bool Says(JsonNode? stored, JsonNode value, Type type) =>
        InputValue.TryUnwrap(stored, out var present, out _) && present is not null
        && (JsonNode.DeepEquals(present, value) || JsonNode.DeepEquals(InputConversion.TryConvert(present, type, out _), value));

    private static void WriteConnections(JsonObject flowchart, IEnumerable<DrawnEdge> edges, Dictionary<string, string> activityIds)
    {
        var drawn = flowchart.Objects("connections").GroupBy(Ends).ToDictionary(same => same.Key, same => same.First());
        var connections = new JsonArray();
        foreach (var edge in edges)
        {
            var (from, to) = (activityIds[edge.From], activityIds[edge.To]);
            connections.Add(drawn.TryGetValue((from, to, edge.Port), out var found) ? found.DeepClone() : new JsonObject
            {
                ["source"] = new JsonObject { ["activity"] = from, ["port"] = edge.Port },
                ["target"] = new JsonObject { ["activity"] = to, ["port"] = "In" },
                ["vertices"] = new JsonArray(),
            });
        }
        flowchart["connections"] = connections;
    }

    private static (string?, string?, string) Ends(JsonObject connection) =>
        (connection.Object("source")?.Text("activity"), connection.Object("target")?.Text("activity"),
            connection.Object("source")?.Text("port") is { Length: > 0 } port ? port : DagEdge.DonePort);
}
