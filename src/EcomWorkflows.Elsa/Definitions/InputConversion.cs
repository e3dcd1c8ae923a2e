using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>Brings a value to the JSON form of a .NET type; Studio writes every edited value as text.</summary>
internal static class InputConversion
{
    /// <summary>The value in its canonical form; null with what was expected when it cannot be converted.</summary>
    public static JsonNode? TryConvert(JsonNode value, Type type, out string expected)
    {
        expected = "";
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        var kind = value.GetValueKind();
        var text = kind == JsonValueKind.String ? value.GetValue<string>() : null;
        if (plain == typeof(string))
        {
            expected = "text";
            return kind is JsonValueKind.Object or JsonValueKind.Array ? null : JsonValue.Create(text ?? value.ToJsonString());
        }
        if (plain == typeof(bool))
        {
            expected = "true or false";
            return bool.TryParse(text ?? value.ToJsonString(), out var truth) ? JsonValue.Create(truth) : null;
        }
        if (plain == typeof(DateTimeOffset))
        {
            expected = "a date or time such as 2026-11-01 or 2026-11-01T06:00:00Z";
            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
                ? JsonSerializer.SerializeToNode(moment)
                : null;
        }
        if (plain.IsEnum)
            return Enumerated(text, plain, out expected);
        if (plain.IsPrimitive || plain == typeof(decimal))
            return Number(text ?? value.ToJsonString(), plain, out expected);
        return Structured(value, text, plain, out expected);
    }

    private static JsonNode? Enumerated(string? text, Type type, out string expected)
    {
        var allowed = Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName).ToList();
        var found = allowed.Find(name => string.Equals(name, text?.Trim(), StringComparison.OrdinalIgnoreCase));
        expected = $"one of {string.Join(", ", allowed)}.{Suggestion.For(text ?? "", allowed)}";
        return found is null ? null : JsonValue.Create(found);
    }

    private static JsonNode? Number(string text, Type type, out string expected)
    {
        var whole = type != typeof(double) && type != typeof(float) && type != typeof(decimal);
        expected = whole ? $"a whole number{Range(type)}" : "a number such as 1.5";
        try
        {
            return JsonSerializer.SerializeToNode(JsonSerializer.Deserialize(text.Trim(), type, TaskJson.Options), type, TaskJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Range(Type type) =>
        type == typeof(int) ? $" from {int.MinValue} to {int.MaxValue}" : type == typeof(long) ? $" from {long.MinValue} to {long.MaxValue}" : "";

    private static JsonNode? Structured(JsonNode value, string? text, Type type, out string expected)
    {
        var list = type != typeof(JsonObject) && typeof(System.Collections.IEnumerable).IsAssignableFrom(type) && !IsDictionary(type);
        expected = list ? "a JSON list such as [\"a\", \"b\"]" : "a JSON object such as {\"key\": \"value\"}";
        if (text is not null && StorableText.FlawsOfJson(text).Any())
        {
            expected += $". {StorableText.Rule}";
            return null;
        }
        try
        {
            var json = text is null ? value.DeepClone() : JsonNode.Parse(text);
            JsonSerializer.Deserialize(json, type, TaskJson.Options);
            // Where anything may stand, null may too.
            if (json is not JsonArray elements || !elements.Contains(null) || typeof(JsonNode).IsAssignableFrom(type))
                return json;
            expected += " without null";
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsDictionary(Type type) =>
        type.GetInterfaces().Append(type).Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>));
}
