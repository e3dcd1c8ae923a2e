using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>Studio shows an empty canvas when it meets one activity type it does not know, so these are lent a known one; the original comes back on save.</summary>
internal static class MissingActivities
{
    private const string OriginalMember = "originalActivityJson";

    /// <summary>Replaces activities of unknown type or version, in groups too.</summary>
    public static void Replace(JsonObject flowchart, TaskRegistry registry) =>
        ForEach(flowchart, activity => IsKnown(activity, registry) ? activity : Stand(activity));

    /// <summary>Brings the originals back, where Studio has put them.</summary>
    public static void Restore(JsonObject flowchart) =>
        ForEach(flowchart, activity => activity.Text("type") == ElsaMembers.NotFoundType && activity.Text(OriginalMember) is { } original ? Original(activity, original) : activity);

    private static void ForEach(JsonObject flowchart, Func<JsonObject, JsonObject> replace)
    {
        if (flowchart["activities"] is not JsonArray activities)
            return;
        for (var index = 0; index < activities.Count; index++)
        {
            if (activities[index] is not JsonObject activity)
                continue;
            var other = replace(activity);
            if (!ReferenceEquals(other, activity))
                activities[index] = other;
            if (other.Text("type") == ElsaMembers.FlowchartType)
                ForEach(other, replace);
        }
    }

    private static bool IsKnown(JsonObject activity, TaskRegistry registry) =>
        activity.Text("type") is { } type
        && (type is ElsaMembers.FlowchartType or ElsaMembers.NotFoundType ? Version(activity) == 1 : registry.TryFind(type, out var known) && known.Version == Version(activity));

    private static int? Version(JsonObject activity) => activity["version"] is JsonValue value && value.TryGetValue<int>(out var version) ? version : null;

    private static JsonObject Stand(JsonObject activity) => new()
    {
        ["id"] = activity["id"]?.DeepClone(),
        ["nodeId"] = activity["nodeId"]?.DeepClone(),
        ["name"] = activity["name"]?.DeepClone(),
        ["type"] = ElsaMembers.NotFoundType,
        ["version"] = 1,
        ["customProperties"] = activity["customProperties"]?.DeepClone() ?? new JsonObject(),
        ["metadata"] = activity["metadata"]?.DeepClone() ?? new JsonObject(),
        ["missingTypeName"] = activity.Text("type") ?? "",
        ["missingTypeVersion"] = Version(activity) ?? 0,
        [OriginalMember] = activity.ToJsonString(),
    };

    private static JsonObject Original(JsonObject stand, string json)
    {
        JsonObject? original;
        try
        {
            original = JsonNode.Parse(json) as JsonObject;
        }
        catch (JsonException)
        {
            original = null;
        }
        if (original is null)
            return stand;
        foreach (var member in new[] { "id", "name", "metadata" })
            original[member] = stand[member]?.DeepClone();
        return original;
    }
}
