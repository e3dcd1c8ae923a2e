using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Elsa.Api.Descriptors;

/// <summary>The choices of all live registries, by registry name.</summary>
internal sealed class LiveOptions(IEnumerable<IOptionsSource> sources)
{
    private readonly ILookup<string, IOptionsSource> byName = sources.ToLookup(source => source.Name, StringComparer.Ordinal);

    public async Task<IReadOnlyDictionary<string, IReadOnlyList<Option>>> AllAsync(CancellationToken cancellationToken)
    {
        var all = new SortedDictionary<string, IReadOnlyList<Option>>(StringComparer.Ordinal);
        foreach (var name in byName.Select(same => same.Key))
            all[name] = await ListAsync(name, cancellationToken);
        return all;
    }

    /// <summary>The choices of one registry; none where nobody registered it.</summary>
    public async Task<IReadOnlyList<Option>> ListAsync(string name, CancellationToken cancellationToken)
    {
        var options = new List<Option>();
        foreach (var source in byName[name])
            options.AddRange(await source.ListAsync(cancellationToken));
        return options;
    }
}
