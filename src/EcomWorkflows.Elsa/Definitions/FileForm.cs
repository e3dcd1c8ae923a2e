using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Orchestration;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>The form of a definition in a file: one order of members, activities and connections, typed values, nothing a browser measured. Equal content gives equal bytes.</summary>
public static class FileForm
{
    private const string Schema = "https://elsaworkflows.io/schemas/workflow-definition/v3.0.0/schema.json";


    private static readonly string[] OfDefinitions =
    [
        "$schema", "id", "definitionId", "name", "description", "version", "toolVersion", "variables", "inputs", "outputs", "outcomes", "customProperties", "isReadonly", "isLatest",
        "isPublished", "options",
    ];

    private static readonly string[] OfVariables = ["id", "name", "typeName", "isArray", "value", "storageDriverTypeName"];

    private static readonly string[] OfInputs = ["type", "isArray", "name", "displayName", "description", "category", "uiHint", "storageDriverType"];

    private static readonly string[] OfActivities = ["id", "nodeId", "name", "type", "version", "customProperties", "metadata"];

    private static readonly string[] OfConnections = ["source", "target", "vertices"];

    /// <summary>The text of the file; it means the same DAG as <paramref name="stored"/>.</summary>
    public static string Write(JsonObject stored, TaskRegistry registry)
    {
        var definition = (JsonObject)stored.DeepClone();
        var dagId = definition.Text("definitionId") ?? "";
        Default(definition, "$schema", Schema);
        Default(definition, "id", dagId);
        Default(definition, "version", 1);
        Default(definition, "isReadonly", false);
        definition["isLatest"] = true;
        definition["isPublished"] = true;
        WithoutDefaults(definition["options"] as JsonObject, "usableAsActivity", "autoUpdateConsumingWorkflows");
        Each(definition, "variables", item => Ordered(item, OfVariables));
        Each(definition, "inputs", item => Ordered(item, OfInputs));
        Each(definition, "outputs", item => Ordered(item, OfInputs));
        var root = definition["root"] as JsonObject;
        definition.Remove("root");
        var written = Ordered(definition, OfDefinitions);
        if (root is not null)
        {
            ActivityNodes.Assign(root);
            written["root"] = Flowchart(root, registry);
        }
        return new DagDocument(dagId, null, [], written).ToJson();
    }

    private static JsonObject Flowchart(JsonObject flowchart, TaskRegistry registry)
    {
        foreach (var empty in new[] { "start", "variables" }.Where(member => flowchart[member] is null or JsonArray { Count: 0 }))
            flowchart.Remove(empty);
        var activities = flowchart.Objects("activities").OrderBy(ActivityReader.TaskId, StringComparer.Ordinal).ThenBy(a => a.Text("id"), StringComparer.Ordinal)
            .Select(activity => (JsonNode)(activity.Text("type") == ElsaMembers.FlowchartType ? Flowchart(activity, registry) : Activity(activity, registry)));
        var connections = flowchart.Objects("connections").Select(Connection)
            .OrderBy(c => c["source"]!["activity"]?.ToString(), StringComparer.Ordinal)
            .ThenBy(c => c["target"]!["activity"]?.ToString(), StringComparer.Ordinal)
            .ThenBy(c => c["source"]!["port"]?.ToString(), StringComparer.Ordinal);
        var (written, links) = (new JsonArray([.. activities]), new JsonArray([.. connections]));
        flowchart.Remove("activities");
        flowchart.Remove("connections");
        var result = Activity(flowchart, SettingProperties.OfDags);
        result["activities"] = written;
        result["connections"] = links;
        return result;
    }

    private static JsonObject Activity(JsonObject activity, TaskRegistry registry) => Activity(activity, SettingProperties.Of(activity.Text("type"), registry));

    private static JsonObject Activity(JsonObject activity, IReadOnlyList<TaskPropertyDescriptor> properties)
    {
        WithoutDefaults(activity.EnsureObject("customProperties"), "canStartWorkflow", "runAsynchronously", "notFoundConnections");
        Layout(activity.EnsureObject("metadata"));
        var settings = properties.Where(SettingProperties.OfTasks.Concat(SettingProperties.OfDags).Contains).ToHashSet();
        foreach (var property in properties)
            Input(activity, property, isSetting: settings.Contains(property));
        return Ordered(activity, [.. OfActivities, .. properties.Select(p => Json.CamelCase(p.Name))]);
    }

    /// <summary>An edited value is text: it is written in its own type again. A cleared field is no value.</summary>
    private static void Input(JsonObject activity, TaskPropertyDescriptor property, bool isSetting)
    {
        var name = Json.CamelCase(property.Name);
        if (!activity.ContainsKey(name) || !InputValue.TryUnwrap(activity[name], out var value, out _))
            return;
        var isBlank = value is JsonValue text && text.TryGetValue<string>(out var words) && string.IsNullOrWhiteSpace(words);
        if (value is null || (isBlank && (isSetting || property.Required || property.Type != typeof(string))))
        {
            activity.Remove(name);
            return;
        }
        var typed = InputConversion.TryConvert(value, property.Type, out _) ?? value.DeepClone();
        var wrapped = InputValue.Wrap(typed, property.Type);
        if (typed is JsonArray or JsonObject)
            wrapped["expression"]!["value"] = typed.ToReadableText();
        activity[name] = wrapped;
    }

    private static void Layout(JsonObject metadata)
    {
        foreach (var empty in metadata.Where(member => member.Value is null).Select(member => member.Key).ToList())
            metadata.Remove(empty);
        if (metadata["designer"] is not JsonObject designer)
            return;
        if (designer["position"] is JsonObject position)
            designer["position"] = new JsonObject { ["x"] = Rounded(position["x"]), ["y"] = Rounded(position["y"]) };
        designer["size"] = new JsonObject { ["width"] = 0, ["height"] = 0 };
        metadata.Remove("designer");
        metadata["designer"] = designer;
    }

    private static JsonObject Connection(JsonObject connection)
    {
        foreach (var (end, port) in new[] { ("source", "Done"), ("target", "In") })
        {
            var given = connection.EnsureObject(end);
            connection[end] = new JsonObject { ["activity"] = given.Text("activity"), ["port"] = given.Text("port") is { Length: > 0 } named ? named : port };
        }
        Default(connection, "vertices", new JsonArray());
        return Ordered(connection, OfConnections);
    }

    private static long Rounded(JsonNode? number) => number is JsonValue value && value.TryGetValue<double>(out var exact) ? (long)Math.Round(exact) : 0;

    private static void Default(JsonObject json, string member, JsonNode value)
    {
        if (json[member] is null)
            json[member] = value;
    }

    /// <summary>Drops nulls, and the named members where they say nothing.</summary>
    private static void WithoutDefaults(JsonObject? json, params string[] members)
    {
        foreach (var (name, value) in json?.ToList() ?? [])
            if (value is null || (members.Contains(name) && (value is JsonArray { Count: 0 } || value.GetValueKind() == JsonValueKind.False)))
                json!.Remove(name);
    }

    private static void Each(JsonObject json, string list, Func<JsonObject, JsonObject> change)
    {
        if (json[list] is JsonArray items)
            json[list] = new JsonArray([.. items.Select(item => item is JsonObject given ? change(given) : item?.DeepClone())]);
    }

    /// <summary>The named members first, in that order; then all others by name.</summary>
    private static JsonObject Ordered(JsonObject json, IReadOnlyList<string> first)
    {
        var result = new JsonObject();
        foreach (var name in first.Where(json.ContainsKey).Concat(json.Select(member => member.Key).Except(first).Order(StringComparer.Ordinal)))
            result[name] = json[name]?.DeepClone();
        return result;
    }
}
