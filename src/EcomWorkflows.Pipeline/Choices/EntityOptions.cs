using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Choices;

/// <summary>The entities of all sources; a mapping that cannot be read has none to offer.</summary>
internal sealed class EntityOptions(SourceCatalog catalog) : IOptionsSource
{
    public string Name => "entities";

    public ValueTask<IReadOnlyList<Option>> ListAsync(CancellationToken cancellationToken)
    {
        var sources = catalog.Names().SelectMany(source => Entities(source).Select(entity => (entity, source))).GroupBy(found => found.entity, found => found.source);
        return ValueTask.FromResult<IReadOnlyList<Option>>([.. sources.OrderBy(same => same.Key, StringComparer.Ordinal).Select(same => new Option($"{same.Key} ({string.Join(", ", same)})", same.Key))]);
    }

    private IEnumerable<string> Entities(string source)
    {
        try
        {
            return catalog.Get(source).Entities.Keys;
        }
        catch (TaskFailedException)
        {
            return [];
        }
    }
}
