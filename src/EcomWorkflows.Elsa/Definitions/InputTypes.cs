using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>What inputs of a .NET type are, in words and in their parts.</summary>
internal static class InputTypes
{
    /// <summary>Whether a value of the type is one text, number, truth value, time or name.</summary>
    public static bool IsScalar(Type type) => type.IsEnum || type.IsPrimitive || type == typeof(string) || type == typeof(decimal) || type == typeof(DateTimeOffset);

    /// <summary>Values of an enum as they are written.</summary>
    public static IReadOnlyList<string> Names(Type type) => [.. Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    /// <summary>What is expected.</summary>
    /// <param name="found">What was found, for a suggestion.</param>
    public static string Words(Type type, string? found = null) => type switch
    {
        _ when type == typeof(string) => "text",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(DateTimeOffset) => "a date or time such as 2026-11-01 or 2026-11-01T06:00:00Z",
        { IsEnum: true } => $"one of {string.Join(", ", Names(type))}.{Suggestion.For(found ?? "", Names(type))}",
        _ when type == typeof(double) || type == typeof(float) || type == typeof(decimal) => "a number such as 1.5",
        { IsPrimitive: true } => $"a whole number{Range(type)}",
        _ when ElementOf(type) is { } element => $"a JSON list {Example(element)}",
        _ when ValueOf(type) is not null || typeof(JsonNode).IsAssignableFrom(type) => "a JSON object such as {\"key\": \"value\"}",
        _ => $"a JSON object with {string.Join(", ", Members(type).Select(m => Json.CamelCase(m.Name) + (m.GetCustomAttribute<RequiredMemberAttribute>() is null ? "" : " (required)")))}",
    };

    /// <summary>What is expected inside of JSON.</summary>
    public static string ElementWords(Type type, JsonNode? found) =>
        type == typeof(string) ? "text in double quotes" : Words(Nullable.GetUnderlyingType(type) ?? type, found?.GetValueKind() == JsonValueKind.String ? found.GetValue<string>() : null);

    /// <summary>Type of a list's elements; null for what is no list.</summary>
    public static Type? ElementOf(Type type) =>
        type == typeof(JsonArray) ? typeof(JsonNode)
        : type == typeof(JsonObject) || ValueOf(type) is not null ? null
        : Argument(type, typeof(IEnumerable<>));

    /// <summary>Type of a member of an object; null where it has none of the name.</summary>
    public static Type? MemberOf(Type type, string name) =>
        ValueOf(type) ?? Members(type).FirstOrDefault(member => string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase))?.PropertyType;

    private static IEnumerable<PropertyInfo> Members(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    private static Type? ValueOf(Type type) => Argument(type, typeof(IReadOnlyDictionary<,>));

    private static Type? Argument(Type type, Type generic) =>
        type.GetInterfaces().Append(type).FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == generic)?.GenericTypeArguments[^1];

    private static string Example(Type element) => element switch
    {
        { IsEnum: true } => $"such as [{string.Join(", ", Names(element).Take(2).Select(name => $"\"{name}\""))}]",
        { IsPrimitive: true } => "of numbers such as [0, 1]",
        _ when IsScalar(element) || typeof(JsonNode).IsAssignableFrom(element) => "such as [\"a\", \"b\"]",
        _ => $"of objects, each {Words(element)}",
    };

    private static string Range(Type type) =>
        type == typeof(int) ? $" from {int.MinValue} to {int.MaxValue}" : type == typeof(long) ? $" from {long.MinValue} to {long.MaxValue}" : "";
}
