using System.Text.Json.Nodes;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>An execution with its inputs, outputs and failure.</summary>
internal sealed record ExecutionRecord : ExecutionSummary
{
    /// <summary>Inputs and settings by descriptor name; values of sensitive inputs are hidden.</summary>
    public JsonObject? ActivityState { get; init; }

    public JsonObject? Payload { get; init; }

    public JsonObject? Outputs { get; init; }

    /// <summary>Never empty, so that Studio takes an ended record for settled.</summary>
    public JsonObject Properties { get; init; } = [];

    public ExceptionState? Exception { get; init; }
}
