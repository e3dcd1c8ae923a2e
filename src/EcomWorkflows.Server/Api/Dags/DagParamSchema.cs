using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.Dags;

/// <summary>JSON schema of a parameter's value.</summary>
/// <param name="Enum">The allowed values; left out where every value of the type is.</param>
internal sealed record DagParamSchema(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("enum"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<JsonNode>? Enum);
