using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Outputs of <see cref="SqlSensorTask"/>.</summary>
public sealed record SqlSensorOutputs([property: TaskInput("First value of the first row.")] JsonNode? Value);
