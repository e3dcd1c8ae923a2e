using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace EcomWorkflows.Orchestration.Dags;

/// <summary>A declared DAG parameter.</summary>
/// <param name="Type">JSON type a given value must have: <c>string</c>, <c>integer</c>, <c>number</c>, <c>boolean</c>, <c>object</c> or <c>array</c>.</param>
/// <param name="Default">Value used when a run gives none; null when the parameter has no default.</param>
/// <param name="Allowed">The only values a run may give; null when every value of the type may be given.</param>
public sealed record DagParam(
    string Name, string Type, string? Description, JsonNode? Default,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<JsonNode>? Allowed = null)
{
    /// <summary>The allowed values for a message, as JSON, separated by commas; empty when every value of the type may be given.</summary>
    [JsonIgnore]
    public string AllowedText => string.Join(", ", (Allowed ?? []).Select(value => value.ToReadableText()));

    public bool Allows(JsonNode? value) => Allowed is null || Allowed.Any(allowed => JsonNode.DeepEquals(allowed, value));
}
