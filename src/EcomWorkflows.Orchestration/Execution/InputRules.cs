using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>What a template gives for an input with a few named values is one of them, and for one with a range lies in it; or it is said what is allowed.</summary>
internal static class InputRules
{
    /// <exception cref="JsonException">An input is none of the values it may have; the message lists these.</exception>
    public static void Require(JsonObject inputs, Type record)
    {
        foreach (var (_, property) in InputProperties.Of(record))
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            if (inputs[name] is { } value && Allowed(value, property) is { } allowed)
                throw new JsonException($"{name} is {value.ToJsonString(TaskJson.Options)}; allowed are {allowed}.");
        }
    }

    /// <summary>What is allowed in the place of a value; null where the value is, or where its type alone decides.</summary>
    private static string? Allowed(JsonNode value, PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type.IsEnum)
            return Read(value, type) is null ? string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)) : null;
        return property.GetCustomAttribute<TaskInputAttribute>()?.Range is { } range && Read(value, typeof(double)) is double number && !range.Holds(number) ? $"{range}" : null;
    }

    private static object? Read(JsonNode value, Type type)
    {
        try
        {
            return value.Deserialize(type, TaskJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
