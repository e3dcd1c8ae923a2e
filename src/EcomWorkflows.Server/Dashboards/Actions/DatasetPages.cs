using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Pipeline.Versioning;
using EcomWorkflows.Pipeline.Versioning.Comparison;
using EcomWorkflows.Server.Dashboards.Models;
using EcomWorkflows.Server.Dashboards.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcomWorkflows.Server.Dashboards.Actions;

/// <summary><c>/datasets</c>: datasets, their versions, and what changed between two of them.</summary>
internal static class DatasetPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Links.Datasets, async (DatasetVersions versions, CancellationToken ct) =>
            new RazorComponentResult<DatasetListPage>(new { Model = new DatasetListModel(await versions.DatasetsAsync(ct)) }));
        routes.MapGet(Links.Datasets + "/{source}/{name}", async (string source, string name, DatasetVersions versions, CancellationToken ct) =>
            new RazorComponentResult<DatasetPage>(new { Model = new DatasetModel($"{source}/{name}", await VersionsAsync(versions, $"{source}/{name}", ct)) }));
        routes.MapGet(Links.Datasets + "/{source}/{name}/v{version:int}", VersionAsync);
        routes.MapGet(Links.Datasets + "/{source}/{name}/diff", DifferenceAsync);
    }

    private static async Task<RazorComponentResult<DatasetVersionPage>> VersionAsync(
        string source, string name, int version, DatasetVersions versions, AttemptPlaces attempts, CancellationToken cancellationToken)
    {
        var found = await versions.ResolveAsync($"{source}/{name}@v{version}", cancellationToken);
        var manifest = await versions.ReadManifestAsync(found, cancellationToken);
        var maker = (await attempts.FindAsync([found.AttemptId], cancellationToken)).Values.FirstOrDefault();
        // A version that was pulled bears the numbers of the installation it was made in.
        var isOurs = maker is not null && maker.DagId == manifest.CreatedBy.Dag && maker.RunKey == manifest.CreatedBy.Run;
        return new(new { Model = new DatasetVersionModel(found, manifest, isOurs ? maker : null) });
    }

    private static async Task<RazorComponentResult<DatasetDifferencePage>> DifferenceAsync(
        string source, string name, int? before, int? after, string? key, DatasetVersions versions, DatasetComparison comparison, CancellationToken cancellationToken)
    {
        var dataset = $"{source}/{name}";
        var known = await VersionsAsync(versions, dataset, cancellationToken);
        var newer = after ?? known[0].Version;
        var older = before ?? known.FirstOrDefault(v => v.Version < newer)?.Version ?? newer;
        var options = new ComparisonOptions { Key = [.. (key ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)] };
        var from = await versions.ResolveAsync($"{dataset}@v{older}", cancellationToken);
        var to = await versions.ResolveAsync($"{dataset}@v{newer}", cancellationToken);
        var model = new DatasetDifferenceModel(dataset, known, older, newer, key, null, null);
        try
        {
            return new(new { Model = model with { Difference = await comparison.RunAsync(from, to, options, cancellationToken) } });
        }
        catch (DatasetException refused)
        {
            return new(new { Model = model with { Problem = refused.Message } }) { StatusCode = StatusCodes.Status400BadRequest };
        }
    }

    private static async Task<IReadOnlyList<DatasetVersion>> VersionsAsync(DatasetVersions versions, string dataset, CancellationToken cancellationToken)
    {
        var known = (await versions.ResolveAsync(dataset, cancellationToken)).Dataset;
        return [.. (await versions.ListAsync(known, cancellationToken)).OrderByDescending(v => v.Version)];
    }
}
