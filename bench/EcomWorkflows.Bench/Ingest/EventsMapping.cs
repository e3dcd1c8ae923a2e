using System.Text.Json.Nodes;

namespace EcomWorkflows.Bench.Ingest;

/// <summary>
/// The mapping <c>retailrocket</c> without the tables it derives from the log's events, as a source of its own: customers and products are no part of what is parsed, validated and
/// cleaned, neither here nor in the script.
/// </summary>
internal static class EventsMapping
{
    public const string Source = "bench_events";

    /// <param name="folder">The <c>sources</c> folder, with <c>retailrocket.json</c>.</param>
    public static void Write(string folder)
    {
        var mapping = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "retailrocket.json")))!;
        mapping["source"] = Source;
        mapping["silver"]!["customers"]!["sql"] = new JsonArray("select cast(null as varchar) as customer_id where false");
        mapping["silver"]!["products"]!["sql"] = new JsonArray("select cast(null as varchar) as product_id where false");
        File.WriteAllText(Path.Combine(folder, $"{Source}.json"), mapping.ToJsonString());
    }
}
