using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Pipeline.Lineage;

namespace EcomWorkflows.Server.Api.Lineage;

/// <summary><c>/api/v2/lineage</c>: nodes and edges from a prediction, model or dataset version back to the raw files.</summary>
internal static class LineageRoutes
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/lineage/predictions/{source}/{customer}", async (
                string source, string customer, DateTimeOffset? as_of, int? rows, LineageReader lineage, AttemptPlaces attempts, CancellationToken ct) =>
                await AnswerAsync(await lineage.PredictionAsync(source, customer, as_of, rows ?? LineageReader.DefaultRows, ct), attempts, ct))
            .WithName("getPredictionLineage").WithSummary("From a prediction to model, features, silver rows and raw lines");
        api.MapGet("/lineage/purchases/{source}/{visitor}/{item}", async (
                string source, string visitor, string item, DateTimeOffset? as_of, string? variant, string? kind, int? rows, LineageReader lineage, AttemptPlaces attempts,
                CancellationToken ct) =>
                await AnswerAsync(
                    await lineage.PurchaseAsync(source, visitor, item, new PurchaseChoice(as_of, variant ?? PurchaseChoice.Honest, kind), rows ?? LineageReader.DefaultRows, ct), attempts, ct))
            .WithName("getPurchaseLineage").WithSummary("From the prediction that a visitor buys an item to model, features, silver rows and raw lines");
        api.MapGet("/lineage/models/{name}", async (string name, int? version, LineageReader lineage, AttemptPlaces attempts, CancellationToken ct) =>
                await AnswerAsync(await lineage.ModelAsync(name, version, ct), attempts, ct))
            .WithName("getModelLineage").WithSummary("From a model version (the champion where none is named) to training set and raw files, and the scorings it made");
        api.MapGet("/lineage/datasets/{source}/{name}", async (string source, string name, int? version, LineageReader lineage, AttemptPlaces attempts, CancellationToken ct) =>
                await AnswerAsync(await lineage.DatasetAsync($"{source}/{name}{(version is { } number ? $"@v{number}" : "")}", ct), attempts, ct))
            .WithName("getDatasetLineage").WithSummary("From a dataset version (the newest where none is named) to raw files, and the models trained on it");
        api.MapGet("/lineage/raw-files/{id:long}/lines/{line:long}", async (long id, long line, int? around, LineageReader lineage, CancellationToken ct) =>
                SnakeCase.Json(await lineage.RawLinesAsync(id, line, around ?? 0, ct)))
            .WithName("getRawLine").WithSummary("A line of a raw file as delivered, and whether the file still has its hash");
    }

    private static async Task<IResult> AnswerAsync(LineageGraph graph, AttemptPlaces attempts, CancellationToken cancellationToken) =>
        SnakeCase.Json(new
        {
            graph.Start,
            graph.Nodes,
            graph.Edges,
            Attempts = (await attempts.FindAsync(graph.Nodes.Select(n => n.AttemptId).OfType<long>(), cancellationToken)).Values,
        });
}
