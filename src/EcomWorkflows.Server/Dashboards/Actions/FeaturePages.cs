using EcomWorkflows.Orchestration;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Server.Dashboards.Models;
using EcomWorkflows.Server.Dashboards.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcomWorkflows.Server.Dashboards.Actions;

/// <summary><c>/features</c>: the catalogue, and a page per view.</summary>
internal static class FeaturePages
{
    private const int ShownMaterializations = 10;
    private const int ShownRows = 5;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Links.Features, ListAsync);
        routes.MapGet(Links.Features + "/{view}", ViewAsync);
    }

    private static async Task<RazorComponentResult<FeatureListPage>> ListAsync(string? q, string? tag, FeatureRegistry registry, FeatureReader reader, CancellationToken cancellationToken)
    {
        var snapshot = await registry.ReadAsync(cancellationToken);
        var search = string.IsNullOrWhiteSpace(q) ? null : q.Trim();
        var wanted = string.IsNullOrEmpty(tag) ? null : tag;
        return new(new
        {
            Model = new FeatureListModel(
                [.. snapshot.Views.Where(v => (search is null || Matches(v, search)) && (wanted is null || TagsOf(v.Tags).Contains(wanted)))],
                [.. snapshot.Services.Where(s => search is null || Contains(s.Name, search) || Contains(s.Description, search))],
                [.. snapshot.Views.SelectMany(v => TagsOf(v.Tags)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
                await reader.FreshnessAsync(cancellationToken), search, wanted),
        });
    }

    private static async Task<RazorComponentResult<FeatureViewPage>> ViewAsync(string view, int? version, FeatureRegistry registry, FeatureReader reader, CancellationToken cancellationToken)
    {
        var snapshot = await registry.ReadAsync(cancellationToken);
        var found = Require(snapshot, view, version);
        var services = snapshot.Services.Where(s => s.Features.Any(f => f.View == found.Name)).ToArray();
        var names = services.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        return new(new
        {
            Model = new FeatureViewModel(
                found,
                snapshot.VersionsOf(found.Name),
                await reader.MaterializationsAsync(found, ShownMaterializations, cancellationToken),
                await reader.TrendsAsync(found, cancellationToken),
                await reader.DriftAsync(found, cancellationToken),
                await reader.ConsistencyAsync(found, cancellationToken),
                await reader.SampleAsync(found, ShownRows, cancellationToken),
                services,
                [.. snapshot.Views.Where(v => v.From.Inputs is { } inputs && inputs.Any(i => FeatureReference.TryParse(i)?.View == found.Name))],
                [.. (await reader.ModelsAsync(cancellationToken)).Where(m => names.Contains(m.Service))]),
        });
    }

    private static FeatureView Require(FeatureRegistrySnapshot snapshot, string view, int? version)
    {
        try
        {
            return snapshot.RequireView(view, version);
        }
        catch (FeatureRequestException unknown)
        {
            throw new NotFoundException(unknown.Message);
        }
    }

    private static bool Matches(FeatureView view, string search) =>
        Contains(view.Name, search) || Contains(view.Description, search) || Contains(view.Owner, search) || view.Features.Any(f => Contains(f.Name, search) || Contains(f.Description, search));

    private static bool Contains(string text, string search) => text.Contains(search, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> TagsOf(IReadOnlyDictionary<string, string> tags) => tags.Select(t => $"{t.Key}={t.Value}");
}
