using EcomWorkflows.Pipeline.Versioning;
using EcomWorkflows.Pipeline.Versioning.Comparison;
using Microsoft.AspNetCore.Mvc;

namespace EcomWorkflows.Server.Api.Datasets;

/// <summary><c>/api/v2/datasets</c>: dataset versions, their manifests, and what changed between two.</summary>
internal static class DatasetRoutes
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/datasets", async (DatasetVersions versions, CancellationToken ct) => Json(new { Datasets = await versions.DatasetsAsync(ct) }))
            .WithName("listDatasets").WithSummary("Datasets, each with its newest version");
        api.MapGet("/datasets/{source}/{name}/versions", async (string source, string name, DatasetVersions versions, CancellationToken ct) =>
            {
                var dataset = (await versions.ResolveAsync($"{source}/{name}", ct)).Dataset;
                return Json(new { Versions = await versions.ListAsync(dataset, ct) });
            })
            .WithName("listDatasetVersions").WithSummary("Versions of a dataset, newest first");
        api.MapGet("/datasets/{source}/{name}/versions/{version:int}", async (string source, string name, int version, DatasetVersions versions, CancellationToken ct) =>
                Json(await versions.ReadManifestAsync(await versions.ResolveAsync($"{source}/{name}@v{version}", ct), ct)))
            .WithName("getDatasetVersion").WithSummary("The manifest of a version");
        api.MapGet("/datasets/{source}/{name}/diff", async (
                string source, string name, int before, int after, string? table, [FromQuery] string[]? key, DatasetVersions versions, DatasetComparison comparison, CancellationToken ct) =>
                Json(await comparison.RunAsync(
                    await versions.ResolveAsync($"{source}/{name}@v{before}", ct), await versions.ResolveAsync($"{source}/{name}@v{after}", ct),
                    new ComparisonOptions { Table = table, Key = key ?? [] }, ct)))
            .WithName("diffDatasetVersions").WithSummary("What changed between two versions: files, schema, rows by key, distributions");
    }

    private static IResult Json<T>(T value) => SnakeCase.Json(value);
}
