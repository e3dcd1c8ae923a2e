using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Outputs of <see cref="HttpTask"/>.</summary>
public sealed record HttpOutputs(
    [property: TaskInput("Status code of the answer.")] int Status,
    [property: TaskInput("The answer's JSON, where it is JSON.")] JsonNode? Json,
    [property: TaskInput("The answer's text, where it is not JSON; cut after 64 KiB.")] string? Text);
