using System.Text.Json.Nodes;

namespace EcomWorkflows.Bench.Ingest;

/// <summary>
/// The mapping <c>retailrocket</c> without the tables it derives from the log's events, as sources of their own: customers and products are no part of what is parsed, validated and
/// cleaned, neither here nor in the script.
/// </summary>
internal static class EventsMapping
{
    /// <summary>One for each time that the log is ingested: what a source has delivered before is not ingested again.</summary>
    public static IReadOnlyList<string> Sources { get; } = ["bench_events_1", "bench_events_2", "bench_events_3"];

    /// <param name="folder">The <c>sources</c> folder, with <c>retailrocket.json</c>.</param>
    public static void Write(string folder)
    {
        var mapping = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "retailrocket.json")))!;
        mapping["silver"]!["customers"]!["sql"] = new JsonArray("select cast(null as varchar) as customer_id where false");
        mapping["silver"]!["products"]!["sql"] = new JsonArray("select cast(null as varchar) as product_id where false");
        foreach (var source in Sources)
        {
            mapping["source"] = source;
            File.WriteAllText(Path.Combine(folder, $"{source}.json"), mapping.ToJsonString());
        }
    }
}
