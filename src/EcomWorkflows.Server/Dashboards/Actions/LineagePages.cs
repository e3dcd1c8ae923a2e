using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Pipeline.Lineage;
using EcomWorkflows.Pipeline.Training.Registry;
using EcomWorkflows.Pipeline.Versioning;
using EcomWorkflows.Server.Dashboards.Models;
using EcomWorkflows.Server.Dashboards.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcomWorkflows.Server.Dashboards.Actions;

/// <summary><c>/lineage</c>: from a prediction, a model or a dataset back to the line of a raw file.</summary>
internal static class LineagePages
{
    private const int Listed = 10;

    private const int LinesAround = 5;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Links.Lineage, StartAsync);
        routes.MapGet(Links.Lineage + "/predictions/{source}/{customer}", async (
            string source, string customer, DateTimeOffset? as_of, int? rows, LineageReader lineage, AttemptPlaces attempts, CancellationToken ct) =>
            await PageAsync(await lineage.PredictionAsync(source, customer, as_of, rows ?? LineageReader.DefaultRows, ct), attempts, ct));
        routes.MapGet(Links.Lineage + "/purchases/{source}/{visitor}/{item}", async (
            string source, string visitor, string item, DateTimeOffset? as_of, string? variant, string? kind, int? rows, LineageReader lineage, AttemptPlaces attempts, CancellationToken ct) =>
            await PageAsync(
                await lineage.PurchaseAsync(source, visitor, item, new PurchaseChoice(as_of, variant ?? PurchaseChoice.Honest, kind), rows ?? LineageReader.DefaultRows, ct), attempts, ct));
        routes.MapGet(Links.Lineage + "/models/{name}/{version:int}", async (string name, int version, LineageReader lineage, AttemptPlaces attempts, CancellationToken ct) =>
            await PageAsync(await lineage.ModelAsync(name, version, ct), attempts, ct));
        routes.MapGet(Links.Lineage + "/datasets/{source}/{name}/v{version:int}", async (
            string source, string name, int version, LineageReader lineage, AttemptPlaces attempts, CancellationToken ct) =>
            await PageAsync(await lineage.DatasetAsync($"{source}/{name}@v{version}", ct), attempts, ct));
        routes.MapGet(Links.Lineage + "/raw-files/{id:long}", async (long id, long? line, LineageReader lineage, CancellationToken ct) =>
            new RazorComponentResult<RawLinesPage>(new { Model = await lineage.RawLinesAsync(id, line ?? 1, LinesAround, ct) }));
    }

    private static async Task<IResult> StartAsync(
        string? source, string? customer, string? item, LineageReader lineage, ModelRegistry models, DatasetVersions datasets, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrWhiteSpace(source) && !string.IsNullOrWhiteSpace(customer))
        {
            return TypedResults.LocalRedirect(string.IsNullOrWhiteSpace(item)
                ? Links.PredictionLineage(source.Trim(), customer.Trim())
                : Links.PurchaseLineage(source.Trim(), customer.Trim(), item.Trim()));
        }

        var newest = (await models.ListAsync(null, cancellationToken)).GroupBy(m => m.Name, StringComparer.Ordinal).Select(g => g.MaxBy(m => m.Version)!).ToList();
        return new RazorComponentResult<LineageStartPage>(new
        {
            Model = new LineageStartModel(
                source, customer, item, await lineage.CustomersAsync(null, Listed, cancellationToken), await lineage.PairsAsync(null, Listed, cancellationToken), newest,
                await datasets.DatasetsAsync(cancellationToken)),
        });
    }

    private static async Task<RazorComponentResult<LineagePage>> PageAsync(LineageGraph graph, AttemptPlaces attempts, CancellationToken cancellationToken) =>
        new(new { Model = new LineageModel(graph, await attempts.FindAsync(graph.Nodes.Select(n => n.AttemptId).OfType<long>(), cancellationToken)) });
}
