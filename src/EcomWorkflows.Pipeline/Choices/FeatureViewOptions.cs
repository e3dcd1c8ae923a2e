using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;

namespace EcomWorkflows.Pipeline.Choices;

/// <summary>The feature views that have been registered.</summary>
internal sealed class FeatureViewOptions(FeatureRegistry registry) : IOptionsSource
{
    public string Name => "feature_views";

    public async ValueTask<IReadOnlyList<Option>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await registry.ListViewsAsync(cancellationToken)).Select(view => view.Name).Distinct().Order(StringComparer.Ordinal).Select(name => new Option(name))];
}
