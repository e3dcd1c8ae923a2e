using System.Text.Json.Nodes;

namespace EcomWorkflows.Orchestration.Dags;

/// <summary>What two DAGs mean differently, in words.</summary>
public static class DagDifference
{
    /// <summary>One line per difference; none where both have the same content hash.</summary>
    public static IReadOnlyList<string> Lines(Dag before, Dag after)
    {
        var (from, to) = (Canonical(before), Canonical(after));
        return
        [
            .. Members("", Without(from, "params", "tasks", "edges"), Without(to, "params", "tasks", "edges")),
            .. Items("param", from, to, "params", item => (string)item["name"]!),
            .. Items("task", from, to, "tasks", item => (string)item["taskId"]!),
            .. Items("edge", from, to, "edges", item => $"{item["from"]} → {item["to"]}{((string)item["port"]! == DagEdge.DonePort ? "" : $" ({item["port"]})")}"),
        ];
    }

    private static JsonObject Canonical(Dag dag) => JsonNode.Parse(DagHash.Canonical(dag))!.AsObject();

    private static JsonObject Without(JsonObject json, params string[] members) =>
        new(json.Where(member => !members.Contains(member.Key)).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));

    private static IEnumerable<string> Items(string word, JsonObject from, JsonObject to, string list, Func<JsonObject, string> name)
    {
        var (before, after) = (ByName(from), ByName(to));
        foreach (var key in before.Keys.Union(after.Keys).Order(StringComparer.Ordinal))
        {
            if (!after.TryGetValue(key, out var now))
                yield return $"{word} {key}: removed";
            else if (!before.TryGetValue(key, out var then))
                yield return $"{word} {key}: added";
            else
                foreach (var line in Members($"{word} {key}.", then, now))
                    yield return line;
        }

        Dictionary<string, JsonObject> ByName(JsonObject dag) => dag[list]!.AsArray().GroupBy(item => name(item!.AsObject())).ToDictionary(same => same.Key, same => same.First()!.AsObject());
    }

    private static IEnumerable<string> Members(string place, JsonObject before, JsonObject after)
    {
        foreach (var name in before.Select(m => m.Key).Union(after.Select(m => m.Key)).Order(StringComparer.Ordinal))
        {
            var (then, now) = (before[name], after[name]);
            if (JsonNode.DeepEquals(then, now))
                continue;
            if (then is JsonObject thenObject && now is JsonObject nowObject)
                foreach (var line in Members($"{place}{name}.", thenObject, nowObject))
                    yield return line;
            else
                yield return $"{place}{name}: {Text(then)} → {Text(now)}";
        }
    }

    private static string Text(JsonNode? value) => value?.ToReadableText() ?? "none";
}
