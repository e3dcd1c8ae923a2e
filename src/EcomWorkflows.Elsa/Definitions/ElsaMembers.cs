using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>Members of activities that are Elsa's own, and the rule for those nobody knows.</summary>
internal static class ElsaMembers
{
    public const string FlowchartType = "Elsa.Flowchart";
    public const string NotFoundType = "Elsa.NotFoundActivity";

    private static readonly HashSet<string> OfActivities = new(StringComparer.Ordinal)
    {
        "id", "nodeId", "name", "type", "version", "source", "customProperties", "metadata", "canStartWorkflow", "runAsynchronously", "mergeMode",
    };

    private static readonly HashSet<string> OfFlowcharts = new(StringComparer.Ordinal) { "start", "activities", "connections", "variables" };

    /// <summary>
    /// Names that look like inputs but are none. An object that is no wrapped value, and a null, are machine data of some other program: they are kept.
    /// </summary>
    public static IEnumerable<string> UnknownInputs(JsonObject activity, IEnumerable<TaskPropertyDescriptor> declared, bool flowchart)
    {
        var known = declared.Select(p => Json.CamelCase(p.Name)).ToHashSet(StringComparer.Ordinal);
        return activity
            .Where(member => !known.Contains(member.Key) && !OfActivities.Contains(member.Key) && !(flowchart && OfFlowcharts.Contains(member.Key)))
            .Where(member => member.Key.Length > 0 && member.Key[0] is not ('$' or '_'))
            .Where(member => member.Value is JsonValue or JsonArray || InputValue.IsWrapped(member.Value))
            .Select(member => member.Key);
    }
}
