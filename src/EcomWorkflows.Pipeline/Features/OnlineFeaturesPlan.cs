namespace EcomWorkflows.Pipeline.Features;

/// <summary>One column of an answer: which value of which view's array it is.</summary>
/// <param name="Name">As the answer calls it.</param>
internal sealed record OnlineFeaturesPlan(string Name, FeatureView View, int Position)
{
    /// <exception cref="FeatureRequestException">The request names something that is not there, or nothing.</exception>
    public static async Task<IReadOnlyList<OnlineFeaturesPlan>> CreateAsync(
        OnlineFeaturesRequest request, FeatureRegistry registry, CancellationToken cancellationToken)
    {
        var references = await ReferencesAsync(request, registry, cancellationToken);
        var views = new Dictionary<string, FeatureView>(StringComparer.Ordinal);
        foreach (var name in references.Select(r => r.View).Distinct(StringComparer.Ordinal))
            views[name] = await registry.FindViewAsync(name, cancellationToken)
                ?? throw NotFound($"There is no feature view '{name}'. Registered views: {await ViewNamesAsync(registry, cancellationToken)}.");
        var columns = references.Select(r => Resolve(r, views[r.View], request.FullFeatureNames)).ToArray();
        if (columns.GroupBy(c => c.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw Malformed($"The answer would have two columns called '{twice.Key}'. Ask for each feature once, or set full_feature_names to true.");
        return columns;
    }

    private static OnlineFeaturesPlan Resolve(FeatureReference reference, FeatureView view, bool fullNames)
    {
        if (reference.Version is { } version && version != view.Version)
            throw NotFound($"'{reference}' asks for version {version} of feature view '{view.Name}'; version {view.Version} is served.");
        for (var position = 0; position < view.Features.Count; position++)
            if (view.Features[position].Name == reference.Feature)
                return new OnlineFeaturesPlan(fullNames ? $"{view.Name}__{reference.Feature}" : reference.Feature, view, position);
        throw NotFound($"Feature view '{view.Name}' has no feature '{reference.Feature}'. It has: {string.Join(", ", view.Features.Select(f => f.Name))}.");
    }

    private static async Task<IReadOnlyList<FeatureReference>> ReferencesAsync(
        OnlineFeaturesRequest request, FeatureRegistry registry, CancellationToken cancellationToken)
    {
        if (request.FeatureService is { } service)
        {
            if (request.Features is { Count: > 0 })
                throw Malformed("Give either features or feature_service, not both.");
            var found = await registry.FindServiceAsync(service, cancellationToken)
                ?? throw NotFound($"There is no feature service '{service}'. Registered services: {string.Join(", ", await registry.ListServicesAsync(cancellationToken))}.");
            return found.Features;
        }
        if (request.Features is not { Count: > 0 })
            throw Malformed("Give features, for example [\"shop_customer_activity:recency\"], or feature_service.");
        return [.. request.Features.Select(text => FeatureReference.TryParse(text)
            ?? throw Malformed($"'{text}' is no feature: write view:feature or view@v2:feature."))];
    }

    private static async Task<string> ViewNamesAsync(FeatureRegistry registry, CancellationToken cancellationToken)
    {
        var views = await registry.ListViewsAsync(cancellationToken);
        return views.Count == 0 ? "none yet; run a DAG that builds features" : string.Join(", ", views.Select(v => v.Name));
    }

    private static FeatureRequestException NotFound(string message) => new(message, notFound: true);

    private static FeatureRequestException Malformed(string message) => new(message, notFound: false);
}
