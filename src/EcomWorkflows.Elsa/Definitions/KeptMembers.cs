using System.Text.Json.Nodes;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>Studio keeps members it does not know on activities; everywhere else it drops them, so they are taken over from the version it loaded.</summary>
internal static class KeptMembers
{
    private static readonly HashSet<string> OfDefinitions = new(StringComparer.Ordinal)
    {
        "id", "definitionId", "name", "description", "version", "toolVersion", "variables", "inputs", "outputs", "outcomes", "customProperties", "isReadonly", "isLatest",
        "isPublished", "isSystem", "options", "links", "createdAt", "providerName", "materializerName", "materializerContext", "root", "tenantId", "sourceFile", "isEdited",
    };

    private static readonly HashSet<string> OfVariables = new(StringComparer.Ordinal) { "id", "name", "typeName", "isArray", "value", "storageDriverTypeName" };

    private static readonly HashSet<string> OfInputs = new(StringComparer.Ordinal)
    {
        "uiHint", "storageDriverType", "type", "isArray", "name", "displayName", "description", "category",
    };

    private static readonly HashSet<string> OfOptions = new(StringComparer.Ordinal)
    {
        "activationStrategyType", "usableAsActivity", "autoUpdateConsumingWorkflows", "activityCategory", "incidentStrategyType", "commitStrategyName",
    };

    private static readonly HashSet<string> OfConnections = new(StringComparer.Ordinal) { "source", "target", "vertices" };

    public static void Keep(JsonObject definition, JsonObject? previous)
    {
        if (previous is null)
            return;
        Copy(previous, definition, OfDefinitions);
        if (previous["options"] is JsonObject options)
            Copy(options, definition.EnsureObject("options"), OfOptions);
        CopyMatching(previous, definition, "variables", OfVariables, item => item.Text("id") ?? item.Text("name"));
        CopyMatching(previous, definition, "inputs", OfInputs, item => item.Text("name"));
        CopyMatching(previous, definition, "outputs", OfInputs, item => item.Text("name"));
        if (previous["root"] is JsonObject before && definition["root"] is JsonObject now)
            CopyConnections(before, now);
    }

    private static void CopyConnections(JsonObject before, JsonObject now)
    {
        CopyMatching(before, now, "connections", OfConnections, connection => connection["source"]?["activity"]?.ToJsonString() + connection["source"]?["port"]?.ToJsonString()
            + connection["target"]?["activity"]?.ToJsonString() + connection["target"]?["port"]?.ToJsonString());
        var groups = before.Objects("activities").Where(IsGroup).Where(g => g.Text("id") is not null).GroupBy(g => g.Text("id")!).ToDictionary(same => same.Key, same => same.First());
        foreach (var group in now.Objects("activities").Where(IsGroup))
            if (group.Text("id") is { } id && groups.TryGetValue(id, out var former))
                CopyConnections(former, group);

        static bool IsGroup(JsonObject activity) => activity.Text("type") == ElsaMembers.FlowchartType;
    }

    private static void CopyMatching(JsonObject from, JsonObject to, string list, HashSet<string> known, Func<JsonObject, string?> key)
    {
        var former = from.Objects(list).Where(item => key(item) is not null).GroupBy(item => key(item)!).ToDictionary(same => same.Key, same => same.First());
        foreach (var item in to.Objects(list))
            if (key(item) is { } name && former.TryGetValue(name, out var source))
                Copy(source, item, known);
    }

    private static void Copy(JsonObject from, JsonObject to, HashSet<string> known)
    {
        foreach (var (name, value) in from)
            if (!known.Contains(name) && !to.ContainsKey(name))
                to[name] = value?.DeepClone();
    }
}
