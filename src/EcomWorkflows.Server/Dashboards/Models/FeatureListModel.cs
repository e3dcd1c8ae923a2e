using EcomWorkflows.Pipeline.Features;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>The catalogue of features.</summary>
/// <param name="Tags">All tags there are, as <c>name=value</c>.</param>
/// <param name="Freshness">Newest materialisation by view id.</param>
public sealed record FeatureListModel(
    IReadOnlyList<FeatureView> Views, IReadOnlyList<FeatureService> Services, IReadOnlyList<string> Tags, IReadOnlyDictionary<int, DateTimeOffset> Freshness, string? Search, string? Tag);
