using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>A stored definition in the form Studio needs it, and what Studio saves in the form it is stored.</summary>
internal static class StudioForm
{
    private const string ToolVersion = "3.8.2.0";

    private static readonly string[] Lists = ["variables", "inputs", "outputs", "outcomes"];

    private static readonly string[] Objects = ["customProperties", "options"];

    /// <summary>Members that describe the version, not its content; the server says what they are.</summary>
    private static readonly string[] OfTheVersion =
        ["links", "createdAt", "isSystem", "providerName", "materializerName", "materializerContext", "tenantId", "sourceFile", "isEdited"];

    /// <summary>Nothing that Studio needs is missing, nothing that would stop it is left in.</summary>
    public static JsonObject ForStudio(JsonObject stored, DefinitionInfo info, TaskRegistry registry)
    {
        var definition = (JsonObject)stored.DeepClone();
        definition["id"] = info.Id.ToString();
        definition["definitionId"] = info.DagId;
        definition["name"] = info.Name;
        definition["version"] = info.Version;
        definition["createdAt"] = info.CreatedAt;
        definition["isLatest"] = info.IsLatest;
        definition["isPublished"] = info.IsPublished;
        definition["isSystem"] = false;
        definition["materializerName"] = "Json";
        if (!Version.TryParse(definition.Text("toolVersion"), out _))
            definition["toolVersion"] = ToolVersion;
        foreach (var list in Lists.Where(list => definition[list] is not JsonArray))
            definition[list] = new JsonArray();
        foreach (var member in Objects.Where(member => definition[member] is not JsonObject))
            definition[member] = new JsonObject();
        foreach (var list in ParamReader.Lists)
            definition[list] = new JsonArray([.. definition.Objects(list).Select(item => item.DeepClone())]);
        definition["sourceFile"] = info.SourceFile;
        definition["isEdited"] = info.IsEdited;

        var root = definition.EnsureObject("root");
        root["type"] = ElsaMembers.FlowchartType;
        root["version"] = 1;
        Tidy(root);
        ActivityNodes.Assign(root);
        CanvasPlaces.Fill(root);
        Wrap(root, registry);
        MissingActivities.Replace(root, registry);
        return definition;
    }

    /// <summary>What Studio saved, with everything of <paramref name="previous"/> that Studio cannot know.</summary>
    public static JsonObject ForStorage(JsonObject saved, string dagId, JsonObject? previous)
    {
        var definition = (JsonObject)saved.DeepClone();
        foreach (var member in OfTheVersion)
            definition.Remove(member);
        // The file's own words for these stay, so that an export differs in what was changed only.
        foreach (var member in new[] { "id", "version", "isReadonly", "isLatest", "isPublished", "toolVersion" })
        {
            if (previous is not null && previous.ContainsKey(member))
                definition[member] = previous[member]?.DeepClone();
            else if (member != "toolVersion")
                definition.Remove(member);
        }
        definition["definitionId"] = dagId;
        foreach (var list in Lists.Where(list => definition[list] is not JsonArray))
            definition[list] = new JsonArray();
        foreach (var member in Objects.Where(member => definition[member] is not JsonObject))
            definition[member] = new JsonObject();
        var root = definition.EnsureObject("root");
        Tidy(root);
        MissingActivities.Restore(root);
        ActivityNodes.Assign(root);
        KeptMembers.Keep(definition, previous);
        return definition;
    }

    /// <summary>Studio stops at an input that is not wrapped, so bare ones are; in groups too.</summary>
    private static void Wrap(JsonObject activity, TaskRegistry registry)
    {
        foreach (var property in SettingProperties.Of(activity.Text("type"), registry))
        {
            var name = Json.CamelCase(property.Name);
            if (activity[name] is { } bare && !InputValue.IsWrapped(bare))
                activity[name] = InputValue.Wrap(bare, property.Type);
        }
        foreach (var child in activity.Objects("activities"))
            Wrap(child, registry);
    }

    /// <summary>Lists are there, and no connection ends at an activity that is not: those stop Studio's canvas. In groups too.</summary>
    private static void Tidy(JsonObject flowchart)
    {
        foreach (var list in new[] { "activities", "connections" }.Where(list => flowchart[list] is not JsonArray))
            flowchart[list] = new JsonArray();
        var ids = flowchart.Objects("activities").Select(a => a.Text("id")).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var connections = flowchart["connections"]!.AsArray();
        foreach (var loose in connections.Where(c => !(Ends(c, "source") && Ends(c, "target"))).ToList())
            connections.Remove(loose);
        foreach (var group in flowchart.Objects("activities").Where(a => a.Text("type") == ElsaMembers.FlowchartType))
            Tidy(group);

        bool Ends(JsonNode? connection, string end) => ((connection as JsonObject)?.Object(end))?.Text("activity") is { } id && ids.Contains(id);
    }
}
