using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>Reads connections as edges: missing ports are the default ones, a connection drawn twice is one edge.</summary>
internal sealed class ConnectionReader(IReadOnlyDictionary<string, string> taskIds, ProblemList problems)
{
    private const string InPort = "In";

    public IReadOnlyList<DagEdge> Read(JsonObject root)
    {
        var edges = new List<DagEdge>();
        if (root["connections"] is { } given and not JsonArray)
            problems.Add("root.connections", $"Expected a list of connections, found {Json.Shown(given)}.");
        foreach (var (connection, index) in ((root["connections"] as JsonArray) ?? []).Select((c, i) => (c, i)))
        {
            var place = $"root.connections[{index}]";
            var from = Activity(connection, "source", place);
            var to = Activity(connection, "target", place);
            var port = Port(connection, "source") ?? DagEdge.DonePort;
            if (from is null || to is null)
                continue;
            if (port != DagEdge.DonePort)
                problems.Add($"{place}.source.port", $"Task '{from}' has no port '{port}'. Its only port is {DagEdge.DonePort}.");
            if (Port(connection, "target") is { } target and not InPort)
                problems.Add($"{place}.target.port", $"Task '{to}' has no port '{target}'. Its only inbound port is {InPort}.");
            edges.Add(new DagEdge(from, to, port));
        }
        return [.. edges.Distinct()];
    }

    private string? Activity(JsonNode? connection, string end, string place)
    {
        var activity = ((connection as JsonObject)?[end] as JsonObject)?.Text("activity");
        if (string.IsNullOrEmpty(activity))
        {
            problems.Add($"{place}.{end}", $"The connection names no {end} activity. Write {{\"{end}\": {{\"activity\": \"<id>\"}}}}.");
            return null;
        }
        if (taskIds.TryGetValue(activity, out var taskId))
            return taskId;
        problems.Add($"{place}.{end}.activity", $"There is no activity with the id '{activity}'.{Suggestion.For(activity, taskIds.Keys)} Remove the connection or add the activity.");
        return null;
    }

    private static string? Port(JsonNode? connection, string end) =>
        ((connection as JsonObject)?[end] as JsonObject)?.Text("port") is { Length: > 0 } port ? port : null;
}
