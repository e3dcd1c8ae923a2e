using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>What a template gives for an input with a few named values is one of them, or the names are said.</summary>
internal static class InputChoices
{
    /// <exception cref="JsonException">An input is none of the values it may have; the message lists these.</exception>
    public static void Require(JsonObject inputs, Type record)
    {
        foreach (var (_, property) in InputProperties.Of(record))
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            if ((Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) is { IsEnum: true } choice && inputs[name] is { } value && !Fits(value, choice))
                throw new JsonException($"{name} is {value.ToJsonString(TaskJson.Options)}; allowed are {string.Join(", ", Enum.GetNames(choice).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName))}.");
        }
    }

    private static bool Fits(JsonNode value, Type choice)
    {
        try
        {
            value.Deserialize(choice, TaskJson.Options);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
