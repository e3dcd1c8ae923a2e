using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Choices;

/// <summary>The sources that have a mapping.</summary>
internal sealed class SourceOptions(SourceCatalog catalog) : IOptionsSource
{
    public string Name => "sources";

    public ValueTask<IReadOnlyList<Option>> ListAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<Option>>([.. catalog.Names().Select(name => new Option(name))]);
}
