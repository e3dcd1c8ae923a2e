using System.Diagnostics.CodeAnalysis;

namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>All task types this program knows, by name.</summary>
public sealed class TaskRegistry(IEnumerable<TaskDescriptor> descriptors)
{
    private readonly Dictionary<string, TaskDescriptor> byName = descriptors.ToDictionary(d => d.Name, StringComparer.Ordinal);

    public IReadOnlyCollection<TaskDescriptor> All => byName.Values;

    public bool TryFind(string name, [MaybeNullWhen(false)] out TaskDescriptor descriptor) => byName.TryGetValue(name, out descriptor);
}
