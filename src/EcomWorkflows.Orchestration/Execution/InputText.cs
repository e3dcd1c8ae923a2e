using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>A template gives a value with its JSON type; where the input wants text, a number or truth value becomes its text, an object or list its JSON.</summary>
internal static class InputText
{
    /// <summary>The inputs with text where their record wants it.</summary>
    public static JsonObject Suit(JsonObject inputs, Type record)
    {
        foreach (var (_, property) in InputProperties.Of(record))
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            if (inputs.TryGetPropertyValue(name, out var value))
                inputs[name] = Suit(value, property.PropertyType);
        }
        return inputs;
    }

    private static JsonNode? Suit(JsonNode? value, Type type) => value switch
    {
        not null when type == typeof(string) => JsonValue.Create(TemplateFilters.AsText(value)),
        JsonArray list when typeof(IEnumerable<string>).IsAssignableFrom(type) => new JsonArray([.. list.Select(item => Suit(item?.DeepClone(), typeof(string)))]),
        JsonObject members when typeof(IEnumerable<KeyValuePair<string, string>>).IsAssignableFrom(type) =>
            new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, Suit(m.Value?.DeepClone(), typeof(string))))),
        _ => value,
    };
}
