using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Server.Api;

/// <summary>Says which parameter of a request, or which member of its body, cannot be read, by the name the caller wrote, and what is needed.</summary>
internal static partial class BindingFailure
{
    public static string Words(BadHttpRequestException failure) => failure.InnerException is JsonException unreadable ? Words(unreadable) : Words(failure.Message);

    public static string Words(JsonException unreadable)
    {
        var member = unreadable.Path is { } path && path.StartsWith("$.", StringComparison.Ordinal) ? path["$.".Length..] : null;
        if (Unmapped().Match(unreadable.Message) is { Success: true } unmapped)
            return Unknown(unmapped.Groups["name"].Value, Members(unmapped.Groups["type"].Value));
        var place = unreadable is { LineNumber: { } line, BytePositionInLine: { } column } ? $" (line {line + 1}, column {column + 1})" : "";
        return Unfit().Match(unreadable.Message) is { Success: true } unfit
            ? $"{member ?? "The body"} cannot be read{place}: {Needed(Type(unfit.Groups["type"].Value, member))} is needed."
            : $"The body cannot be read{(member is null ? "" : $" at {member}")}{place}: {unreadable.Message.Split(" Path:")[0].Split(" LineNumber:")[0].TrimEnd('.')}.";
    }

    private static string Unknown(string name, IReadOnlyList<string> allowed) => $"The body has a member '{name}', which nobody reads; allowed: {string.Join(", ", allowed)}.{Suggestion.For(name, allowed)}";

    private static IReadOnlyList<string> Members(string type) =>
    [
        .. typeof(BindingFailure).Assembly.GetType(type)?.GetProperties()
            .Select(property => property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name)) ?? [],
    ];

    /// <summary>Of a member that a constructor takes, the message says the type it is a member of.</summary>
    private static string Type(string named, string? member) =>
        typeof(BindingFailure).Assembly.GetType(named)?.GetProperties()
            .FirstOrDefault(property => property.GetCustomAttribute<JsonPropertyNameAttribute>() is { } json && json.Name == member?.Split('.')[^1])?.PropertyType.ToString() ?? named;

    private static string Words(string message) => Unbound().Match(message) is { Success: true } unbound
        ? $"{JsonNamingPolicy.SnakeCaseLower.ConvertName(unbound.Groups["name"].Value)} is '{unbound.Groups["given"].Value}'; {Needed(unbound.Groups["type"].Value)} is needed."
        : message;

    private static string Needed(string type) => type switch
    {
        _ when type.EndsWith("[]", StringComparison.Ordinal) || Has(type, "List`1") || Has(type, "JsonArray") => "a list",
        _ when Has(type, "Dictionary`2") || Has(type, "JsonObject") || Has(type, "Body") => "an object such as {\"name\": \"value\"}",
        _ when Has(type, "int") || Has(type, "long") => "a whole number",
        _ when Has(type, "double") || Has(type, "decimal") => "a number",
        _ when Has(type, "bool") => "true or false",
        _ when Has(type, "Date") => "a date or time such as 2026-01-31T06:00Z",
        _ when Has(type, "string") => "text",
        _ => "another value",
    };

    private static bool Has(string type, string word) => type.Contains(word, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"^The JSON value could not be converted to (?<type>.+?)\. Path:", RegexOptions.Singleline)]
    private static partial Regex Unfit();

    [GeneratedRegex(@"^The JSON property '(?<name>.*)' could not be mapped to any \.NET member contained in type '(?<type>[^']+)'", RegexOptions.Singleline)]
    private static partial Regex Unmapped();

    [GeneratedRegex("^Failed to bind parameter \"(?<type>.+) (?<name>[^ \"]+)\" from \"(?<given>.*)\"", RegexOptions.Singleline)]
    private static partial Regex Unbound();
}
