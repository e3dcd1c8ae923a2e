using System.Text;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Tests.Features;

/// <summary>A source with a handful of events whose features can be computed by hand.</summary>
internal static class TinyShop
{
    public const string Source = "tiny";

    /// <param name="groups">Feature groups, comma-separated; empty for all.</param>
    public static Dictionary<string, string> Mapping(string groups = "", string ttlDays = "null") => new()
    {
        [Source] =
            $$"""
            {
              "source": "tiny", "description": "Hand-made", "entities": {}, "silver": {},
              "activity": { "eventTypes": ["purchase"] },
              "churn": { "outcomeDays": 10, "embargoDays": 1 },
              "features": { "groups": [{{groups}}], "ttlDays": {{ttlDays}}, "owner": "ana", "tags": { "team": "crm" } }
            }
            """,
    };

    /// <summary>The customer activity view as a file of workflows/features defines it.</summary>
    public static string ViewDefinition() =>
        $$"""
        { "name": "tiny_customer_activity", "description": "d", "entities": ["customer"], "source": { "task": "Ecom.BuildFeatures", "of": "tiny" },
          "features": [ {{string.Join(", ", CustomerActivityFeatures.All.Select(f => $$"""{ "name": "{{f.Name}}", "type": "double", "description": "d" }"""))}} ] }
        """;

    /// <param name="events">(customer, time, type, product, order, quantity, price).</param>
    public static async Task PublishSilverAsync(StageBench bench, long run, params (string Customer, string Time, string Type, string Product, string? Order, double Quantity, double Price)[] events)
    {
        var rows = new StringBuilder();
        foreach (var (i, e) in events.Index())
            rows.Append(i == 0 ? "" : ", ").Append(
                $"('{e.Customer}', timestamp '{e.Time}', '{e.Type}', '{e.Product}', {(e.Order is null ? "null" : $"'{e.Order}'")}, {e.Quantity}, {e.Price}, {(e.Type == "return" ? -1 : 1) * e.Quantity * e.Price}, {i + 2})");
        await bench.PublishTableAsync(
            new LakeTableName("silver", Source, "events"),
            $"""
            select customer_id, event_time, event_type, product_id, null::varchar as seller_id, order_id::varchar as order_id, quantity::double as quantity, unit_price::double as unit_price,
              amount::double as amount, event_type = 'purchase' as is_activity, 'e.csv' as file, line::bigint as line
            from (values {rows}) v(customer_id, event_time, event_type, product_id, order_id, quantity, unit_price, amount, line)
            """,
            run);
        await bench.PublishTableAsync(
            new LakeTableName("silver", Source, "customers"),
            "select * from (values ('ann', 'DE', true, timestamp '2026-01-01'), ('bob', 'FR', false, timestamp '2026-01-01')) v(customer_id, country, home_country, signup_time)", run);
    }

    public static Task<BuildFeaturesOutputs> BuildAsync(StageBench bench, long run = 1) =>
        bench.RunAsync<BuildFeaturesTask, BuildFeaturesInputs, BuildFeaturesOutputs>(new BuildFeaturesInputs { Source = Source }, bench.Context(run));
}
