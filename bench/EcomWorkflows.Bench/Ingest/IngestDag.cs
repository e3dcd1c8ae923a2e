using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Bench.Ingest;

/// <summary>The first stages of <c>churn-daily</c>: every entity is ingested, one is validated, then silver is made of them.</summary>
internal static class IngestDag
{
    private static readonly string[] Entities = ["events", "products", "customers", "orders", "order_items"];

    /// <param name="entity">The one with rows.</param>
    public static Dag Make(string dagId, string source, string entity, string file) => new(
        dagId, dagId, null, new DagSettings(), [],
        [
            .. Entities.Select(one => Task($"ingest_{one}", "Ecom.Ingest", new JsonObject { ["source"] = source, ["entity"] = one, ["file"] = file })),
            Task("validate", "Ecom.Validate", new JsonObject { ["source"] = source, ["entity"] = entity }),
            Task("prepare", "Ecom.Prepare", new JsonObject { ["source"] = source }),
        ],
        [
            new DagEdge($"ingest_{entity}", "validate"),
            new DagEdge("validate", "prepare"),
            .. Entities.Where(one => one != entity).Select(one => new DagEdge($"ingest_{one}", "prepare")),
        ]);

    private static DagTask Task(string id, string type, JsonObject inputs) => new(id, type, id, inputs, new TaskSettings());
}
