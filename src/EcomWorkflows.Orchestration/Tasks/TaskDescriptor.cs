using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>A registered task type, as its attributes describe it.</summary>
public sealed record TaskDescriptor(
    string Name,
    int Version,
    string DisplayName,
    string Category,
    string Description,
    IReadOnlyList<TaskPropertyDescriptor> Inputs,
    IReadOnlyList<TaskPropertyDescriptor> Outputs,
    Type TaskClass,
    Type InputsRecord,
    Type OutputsRecord)
{
    /// <summary>Ports of a branching task besides <c>Done</c>, which every task has.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    /// <summary>PascalCase name of the list input that names further ports in the DAG; null where the ports are fixed.</summary>
    public string? DynamicPortsInput { get; init; }

    /// <summary>The ports a task of this type has in a DAG, besides <c>Done</c>.</summary>
    public IReadOnlyList<string> PortsOf(JsonObject inputs) =>
        DynamicPortsInput is { } name && inputs[JsonNamingPolicy.CamelCase.ConvertName(name)] is JsonArray named
            ? [.. Ports, .. named.Select(n => n?.ToString() ?? "")]
            : Ports;
}
