namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>Describes a task type; from it come the Elsa activity descriptor, the CLI help and the docs.</summary>
/// <param name="name">Stable name with a prefix, for example <c>Ecom.Ingest</c>.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TaskTypeAttribute(string name) : Attribute
{
    public string Name { get; } = name;

    public int Version { get; init; } = 1;

    public required string DisplayName { get; init; }

    public required string Category { get; init; }

    public required string Description { get; init; }
}
