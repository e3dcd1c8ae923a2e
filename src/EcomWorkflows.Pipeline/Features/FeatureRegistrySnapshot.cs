using System.Text.RegularExpressions;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>The whole registry at one moment, in memory: all versions of all views and services.</summary>
public sealed partial class FeatureRegistrySnapshot
{
    private readonly Dictionary<string, SortedDictionary<int, FeatureView>> views;
    private readonly Dictionary<string, SortedDictionary<int, FeatureService>> services;

    internal FeatureRegistrySnapshot(IEnumerable<FeatureView> views, IEnumerable<FeatureService> services)
    {
        this.views = ByVersion(views, v => v.Name, v => v.Version);
        this.services = ByVersion(services, s => s.Name, s => s.Version);
    }

    /// <summary>All views at their current versions, by name.</summary>
    public IEnumerable<FeatureView> Views => views.Values.Select(versions => versions[versions.First().Value.CurrentVersion]).OrderBy(v => v.Name, StringComparer.Ordinal);

    /// <summary>All services at their current versions, by name.</summary>
    public IEnumerable<FeatureService> Services => services.Values.Select(versions => versions[versions.First().Value.CurrentVersion]).OrderBy(s => s.Name, StringComparer.Ordinal);

    /// <summary>All versions of a view, newest first; none where there is no such view.</summary>
    public IReadOnlyList<FeatureView> VersionsOf(string view) => views.TryGetValue(view, out var versions) ? [.. versions.Values.Reverse()] : [];

    /// <summary>All versions of a service, newest first.</summary>
    public IReadOnlyList<FeatureService> VersionsOfService(string service) => services.TryGetValue(service, out var versions) ? [.. versions.Values.Reverse()] : [];

    /// <param name="version">Null for the current one.</param>
    public FeatureView? FindView(string name, int? version = null) =>
        views.TryGetValue(name, out var versions) ? versions.GetValueOrDefault(version ?? versions.First().Value.CurrentVersion) : null;

    /// <summary>A view that rows are pushed to: by the name of its push source, or its own.</summary>
    public FeatureView? FindPushed(string pushSource) => Views.FirstOrDefault(v => v.PushSource == pushSource) ?? FindView(pushSource);

    /// <param name="name"><c>service</c> for the current version, or <c>service@v2</c>.</param>
    public FeatureService? FindService(string name)
    {
        var match = ServiceForm().Match(name);
        if (!match.Success || !services.TryGetValue(match.Groups["name"].Value, out var versions))
            return null;
        return versions.GetValueOrDefault(match.Groups["version"] is { Success: true } version ? int.Parse(version.ValueSpan) : versions.First().Value.CurrentVersion);
    }

    /// <summary>The view a reference means.</summary>
    /// <exception cref="FeatureRequestException">There is no such view, version or feature.</exception>
    public FeatureView Require(FeatureReference reference)
    {
        var view = RequireView(reference.View, reference.Version);
        return view.Features.Any(f => f.Name == reference.Feature)
            ? view
            : throw NotFound($"Feature view '{view.Name}'{(view.Version == view.CurrentVersion ? "" : $" v{view.Version}")} has no feature '{reference.Feature}'. It has: {string.Join(", ", view.Features.Select(f => f.Name))}.");
    }

    /// <exception cref="FeatureRequestException">There is no such view or version.</exception>
    public FeatureView RequireView(string name, int? version = null)
    {
        if (FindView(name, version) is { } view)
            return view;
        var versions = VersionsOf(name);
        throw versions.Count == 0
            ? NotFound($"There is no feature view '{name}'. Registered views: {(views.Count == 0 ? "none yet; run a DAG that builds features, or ./ecom features apply" : string.Join(", ", Views.Select(v => v.Name)))}.")
            : NotFound($"There is no version {version} of feature view '{name}'. It has: {string.Join(", ", versions.Select(v => v.Version).Order())}.");
    }

    /// <summary>The features a request names, one by one or by a service.</summary>
    /// <exception cref="FeatureRequestException">It names none, both, or what there is not.</exception>
    public IReadOnlyList<FeatureReference> References(IReadOnlyList<string>? features, string? service)
    {
        if (service is not null)
        {
            if (features is { Count: > 0 })
                throw Malformed("Give either features or feature_service, not both.");
            return FindService(service)?.Features
                ?? throw NotFound($"There is no feature service '{service}'. Registered services: {string.Join(", ", Services.Select(s => s.Name))}.");
        }
        if (features is not { Count: > 0 })
            throw Malformed("Give features, for example [\"shop_customer_activity:recency\"], or feature_service.");
        return [.. features.Select(text => FeatureReference.TryParse(text ?? "") ?? throw Malformed($"'{text}' is no feature: write view:feature or view@v2:feature."))];
    }

    private static Dictionary<string, SortedDictionary<int, T>> ByVersion<T>(IEnumerable<T> items, Func<T, string> name, Func<T, int> version) =>
        items.GroupBy(name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => new SortedDictionary<int, T>(g.ToDictionary(version)), StringComparer.Ordinal);

    private static FeatureRequestException NotFound(string message) => new(message, notFound: true);

    private static FeatureRequestException Malformed(string message) => new(message, notFound: false);

    [GeneratedRegex(@"^(?<name>[^\s:@]+)(@v(?<version>[1-9][0-9]{0,8}))?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex ServiceForm();
}
