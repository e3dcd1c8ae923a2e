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

    /// <summary>Ports of a branching task, for edges to hang on; none means the one port <c>Done</c>, which every task has.</summary>
    public string[] Ports { get; init; } = [];

    /// <summary>Name of the list input that names further ports in the DAG; null where the ports are fixed.</summary>
    public string? DynamicPortsInput { get; init; }
}
