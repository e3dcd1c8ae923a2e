using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>The two forms in which Elsa stores the value of an input: bare, or wrapped as <c>{typeName, expression: {type, value}}</c>.</summary>
internal static class InputValue
{
    private const string Literal = "Literal";
    private const string ObjectExpression = "Object";
    private const string JsonExpression = "Json";

    public static bool IsWrapped(JsonNode? stored) => stored is JsonObject wrapper && wrapper["expression"] is JsonObject;

    /// <summary>Takes the value out of its wrapper; false with the reason when its expression cannot be used.</summary>
    /// <param name="value">Null where the input was left empty.</param>
    public static bool TryUnwrap(JsonNode? stored, out JsonNode? value, out string problem)
    {
        (value, problem) = (stored, "");
        if (!IsWrapped(stored))
            return true;
        var expression = stored!["expression"]!.AsObject();
        value = expression["value"];
        var type = expression.Text("type");
        switch (type)
        {
            case null or "" or Literal:
                return true;
            case ObjectExpression or JsonExpression:
                return TryReadObject(ref value, ref problem);
            default:
                problem = $"Expressions of type '{type}' are not evaluated. Use Literal (text may hold templates such as {{{{ params.source }}}}) or Json.";
                return false;
        }
    }

    public static JsonObject Wrap(JsonNode? value, Type type)
    {
        var plain = value is null or JsonValue;
        return new JsonObject
        {
            ["typeName"] = TypeName(type),
            ["expression"] = new JsonObject
            {
                ["type"] = plain ? Literal : ObjectExpression,
                ["value"] = plain ? value?.DeepClone() : value!.ToReadableText(),
            },
        };
    }

    private static bool TryReadObject(ref JsonNode? value, ref string problem)
    {
        if (value is not JsonValue scalar || scalar.GetValueKind() != JsonValueKind.String)
            return true;
        var text = scalar.GetValue<string>();
        if (string.IsNullOrWhiteSpace(text))
        {
            value = null;
            return true;
        }
        try
        {
            value = Json.Parse(text);
            if (!StorableText.FlawsOfJson(text).Any())
                return true;
            problem = $"{Json.Shown(scalar)} cannot be kept. {StorableText.Rule}. Remove it, or write the whole character.";
            return false;
        }
        catch (JsonException failure)
        {
            problem = $"{Json.Shown(value)} is not JSON ({failure.Message.Split(" Path:")[0].Split(" LineNumber:")[0].TrimEnd('.')}). Write a JSON value such as [\"a\", \"b\"].";
            return false;
        }
    }

    private static string TypeName(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain switch
        {
            _ when plain.IsEnum => "String",
            _ when plain == typeof(DateTimeOffset) => "String",
            _ when plain.IsPrimitive || plain == typeof(string) || plain == typeof(decimal) => plain.Name,
            _ => "Object",
        };
    }
}
