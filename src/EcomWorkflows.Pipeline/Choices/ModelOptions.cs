using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Training.Registry;

namespace EcomWorkflows.Pipeline.Choices;

/// <summary>The registered models.</summary>
internal sealed class ModelOptions(ModelRegistry registry) : IOptionsSource
{
    public string Name => "models";

    public async ValueTask<IReadOnlyList<Option>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await registry.ListAsync(name: null, cancellationToken)).Select(version => version.Name).Distinct().Order(StringComparer.Ordinal).Select(name => new Option(name))];
}
