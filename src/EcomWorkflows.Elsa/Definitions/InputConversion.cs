using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>Brings a value to the JSON form of a .NET type; Studio writes every edited value as text.</summary>
internal static partial class InputConversion
{
    /// <summary>The value in its canonical form; null when it cannot be converted.</summary>
    /// <param name="misfit">What does not fit; null exactly where it could be converted.</param>
    public static JsonNode? TryConvert(JsonNode value, Type type, out Misfit? misfit)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        var text = value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
        if (!InputTypes.IsScalar(plain))
            return Structured(value, text, plain, out misfit);
        var converted = Scalar(value, text, plain);
        misfit = converted is null ? new Misfit("", value, InputTypes.Words(plain, text)) : null;
        return converted;
    }

    private static JsonNode? Scalar(JsonNode value, string? text, Type type)
    {
        if (type == typeof(string))
            return value is JsonValue ? JsonValue.Create(text ?? value.ToJsonString()) : null;
        if (type == typeof(bool))
            return bool.TryParse(text ?? value.ToJsonString(), out var truth) ? JsonValue.Create(truth) : null;
        if (type == typeof(DateTimeOffset))
        {
            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
                ? JsonSerializer.SerializeToNode(moment)
                : null;
        }
        if (type.IsEnum)
            return InputTypes.Names(type).FirstOrDefault(name => string.Equals(name, text?.Trim(), StringComparison.OrdinalIgnoreCase)) is { } found ? JsonValue.Create(found) : null;
        return Number(text ?? value.ToJsonString(), type);
    }

    private static JsonNode? Number(string text, Type type)
    {
        try
        {
            return JsonSerializer.SerializeToNode(JsonSerializer.Deserialize(text.Trim(), type, TaskJson.Options), type, TaskJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonNode? Structured(JsonNode value, string? text, Type type, out Misfit? misfit)
    {
        misfit = new Misfit("", value, InputTypes.Words(type));
        if (text is not null && StorableText.FlawsOfJson(text).Any())
        {
            misfit = misfit with { Expected = $"{misfit.Expected}. {StorableText.Rule}" };
            return null;
        }
        JsonNode? json = null;
        try
        {
            json = text is null ? value.DeepClone() : Json.Parse(text);
            JsonSerializer.Deserialize(json, type, TaskJson.Options);
        }
        catch (JsonException failure) when (json is null && failure.LineNumber is null && DuplicateMember.Find(text!) is { } twice)
        {
            misfit = misfit with { Expected = $"{misfit.Expected} with the member '{twice.Name}' once" };
            return null;
        }
        catch (JsonException failure)
        {
            misfit = json is null ? misfit : Inside(json, type, failure.Path) ?? misfit;
            return null;
        }
        // Where anything may stand, null may too.
        if (json is JsonArray elements && elements.Contains(null) && !typeof(JsonNode).IsAssignableFrom(type))
        {
            misfit = misfit with { Expected = $"{misfit.Expected} without null" };
            return null;
        }
        misfit = json is null ? misfit : null;
        return json;
    }

    /// <summary>What does not fit at a place inside of a value; null where it is the value itself.</summary>
    /// <param name="path">The place as System.Text.Json writes it: <c>$[0].on[1]</c>, <c>$['two words']</c>.</param>
    private static Misfit? Inside(JsonNode json, Type type, string? path)
    {
        Misfit? inside = null;
        var found = (JsonNode?)json;
        foreach (Match step in Steps().Matches(path ?? ""))
        {
            var name = step.Groups["name"].Value;
            switch (found)
            {
                case JsonArray list when InputTypes.ElementOf(type) is { } element && step.Groups["index"].Success:
                    (found, type) = (list[int.Parse(step.Groups["index"].ValueSpan, CultureInfo.InvariantCulture)], element);
                    break;
                case JsonObject members when InputTypes.MemberOf(type, name) is { } member && members.TryGetPropertyValue(name, out var one):
                    (found, type) = (one, member);
                    break;
                default:
                    return inside;
            }
            var place = (inside?.Place ?? "") + (step.Groups["index"].Success ? step.Value : $".{name}");
            inside = new Misfit(place, found, InputTypes.ElementWords(type, found));
        }
        return inside;
    }

    [GeneratedRegex(@"\[(?<index>\d+)\]|\['(?<name>.*?)'\]|\.(?<name>[^.\[]+)")]
    private static partial Regex Steps();
}
