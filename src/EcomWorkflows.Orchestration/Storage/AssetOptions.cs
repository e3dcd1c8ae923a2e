using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>The assets DAGs write, read and wait for.</summary>
internal sealed class AssetOptions(AssetReader assets) : IOptionsSource
{
    public string Name => "assets";

    public async ValueTask<IReadOnlyList<Option>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await assets.ListAsync(null, 1000, 0, cancellationToken)).Assets.Select(a => new Option(a.Name))];
}
