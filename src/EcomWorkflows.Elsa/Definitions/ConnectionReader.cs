using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>Reads the connections of one flowchart: missing ports are the default ones, a connection drawn twice is one.</summary>
internal sealed class ConnectionReader(IReadOnlyDictionary<string, FlowchartNode> nodes, ProblemList problems)
{
    private const string InPort = "In";

    public IReadOnlyList<(FlowchartNode From, FlowchartNode To, string Port)> Read(JsonObject flowchart, string owner)
    {
        var connections = new List<(FlowchartNode From, FlowchartNode To, string Port)>();
        if (flowchart["connections"] is { } given and not JsonArray)
            problems.Add($"{owner}.connections", $"Expected a list of connections, found {Json.Shown(given)}.");
        foreach (var (connection, index) in ((flowchart["connections"] as JsonArray) ?? []).Select((c, i) => (c, i)))
        {
            var place = $"{owner}.connections[{index}]";
            var from = Node(connection, "source", place);
            var to = Node(connection, "target", place);
            var port = Port(connection, "source") ?? DagEdge.DonePort;
            if (from is null || to is null)
                continue;
            if (from.Ports is { } ports && port != DagEdge.DonePort && !ports.Contains(port))
            {
                problems.Add(
                    $"{place}.source.port",
                    $"{Named(from)} has no port '{port}'.{Suggestion.For(port, ports)} Its ports: {string.Join(", ", ports.Append(DagEdge.DonePort).Distinct())}.");
                port = DagEdge.DonePort;
            }
            if (Port(connection, "target") is { } target and not InPort)
                problems.Add($"{place}.target.port", $"{Named(to)} has no port '{target}'. Its only inbound port is {InPort}.");
            connections.Add((from, to, port));
        }
        return [.. connections.Distinct()];
    }

    private static string Named(FlowchartNode node) => node.IsGroup ? $"Task group '{node.Id}'" : $"Task '{node.Id}'";

    private FlowchartNode? Node(JsonNode? connection, string end, string place)
    {
        var activity = ((connection as JsonObject)?[end] as JsonObject)?.Text("activity");
        if (string.IsNullOrEmpty(activity))
        {
            problems.Add($"{place}.{end}", $"The connection names no {end} activity. Write {{\"{end}\": {{\"activity\": \"<id>\"}}}}.");
            return null;
        }
        if (nodes.TryGetValue(activity, out var node))
            return node;
        problems.Add($"{place}.{end}.activity", $"There is no activity with the id '{activity}'.{Suggestion.For(activity, nodes.Keys)} Remove the connection or add the activity.");
        return null;
    }

    private static string? Port(JsonNode? connection, string end) =>
        ((connection as JsonObject)?[end] as JsonObject)?.Text("port") is { Length: > 0 } port ? port : null;
}
