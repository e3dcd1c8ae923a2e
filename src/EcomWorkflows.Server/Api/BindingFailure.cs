using System.Text.Json;
using System.Text.RegularExpressions;

namespace EcomWorkflows.Server.Api;

/// <summary>Says which parameter of a request cannot be read, by the name the caller wrote, and what is needed.</summary>
internal static partial class BindingFailure
{
    public static string Words(string message) => Unbound().Match(message) is { Success: true } unbound
        ? $"{JsonNamingPolicy.SnakeCaseLower.ConvertName(unbound.Groups["name"].Value)} is '{unbound.Groups["given"].Value}'; {Needed(unbound.Groups["type"].Value)} is needed."
        : message;

    private static string Needed(string type) => type switch
    {
        _ when type.Contains("int", StringComparison.Ordinal) || type.Contains("long", StringComparison.Ordinal) => "a whole number",
        _ when type.Contains("double", StringComparison.Ordinal) || type.Contains("decimal", StringComparison.Ordinal) => "a number",
        _ when type.Contains("bool", StringComparison.Ordinal) => "true or false",
        _ when type.Contains("Date", StringComparison.Ordinal) => "a date or time such as 2026-01-31T06:00Z",
        _ => "another value",
    };

    [GeneratedRegex("^Failed to bind parameter \"(?<type>.+) (?<name>[^ \"]+)\" from \"(?<given>.*)\"", RegexOptions.Singleline)]
    private static partial Regex Unbound();
}
