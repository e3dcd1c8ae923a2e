using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>Reading members of a JSON object that may hold anything.</summary>
internal static class Json
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 128 };

    /// <summary>Reads a JSON text whose objects have each member once.</summary>
    /// <exception cref="JsonException">It is something else; without a line where a member is there twice.</exception>
    public static JsonNode? Parse(string json) => JsonNode.Parse(json, documentOptions: Strict);

    /// <summary>The text of a string member; null when it is absent, null or no string.</summary>
    public static string? Text(this JsonObject json, string member) =>
        json[member] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    /// <summary>The member as an object; null when it is absent or something else.</summary>
    public static JsonObject? Object(this JsonObject json, string member) => json[member] as JsonObject;

    /// <summary>The elements of an array member that are objects.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonObject json, string member) =>
        (json[member] as JsonArray)?.OfType<JsonObject>() ?? [];

    /// <summary>The member as an object, added when it is absent.</summary>
    public static JsonObject EnsureObject(this JsonObject json, string member)
    {
        if (json[member] is not JsonObject found)
            json[member] = found = [];
        return found;
    }

    public static string CamelCase(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    /// <summary>Short form of a value for a message.</summary>
    public static string Shown(JsonNode? value)
    {
        var text = value is JsonValue scalar && scalar.GetValueKind() == JsonValueKind.String ? scalar.GetValue<string>() : value?.ToReadableText() ?? "null";
        return text.Length <= 60 ? $"'{text}'" : $"'{text[..57]}…'";
    }
}
