using System.Text.Json.Nodes;

namespace EcomWorkflows.Orchestration.Planning;

/// <summary>What templates can name in one attempt.</summary>
public sealed record TemplateValues(
    string DagId,
    string RunKey,
    string TaskId,
    int TryNumber,
    DateTimeOffset LogicalDate,
    DateTimeOffset DataIntervalStart,
    DateTimeOffset DataIntervalEnd,
    JsonObject Params)
{
    public string RunType { get; init; } = "manual";

    /// <summary>-1 where the task is not mapped.</summary>
    public int MapIndex { get; init; } = -1;

    /// <summary>The list element of a mapped instance.</summary>
    public JsonNode? MapItem { get; init; }

    /// <summary>Outputs by task id: an object, or for a mapped task the list of its instances' objects; a task without outputs is absent.</summary>
    public IReadOnlyDictionary<string, JsonNode> Outputs { get; init; } = new Dictionary<string, JsonNode>();

    /// <summary>Values of the variables the inputs name; one that is not set is absent.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Fields of the connections the inputs name, by connection and field; what is not set is absent.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Connections { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>();
}
