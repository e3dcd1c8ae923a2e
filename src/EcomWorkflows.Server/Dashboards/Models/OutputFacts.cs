using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>The numbers of a task's outputs in one line.</summary>
internal static class OutputFacts
{
    /// <summary>For example <c>rows checked 8,095 · rows kept 8,000</c>; ids of database rows say nothing to a person and are left out.</summary>
    public static string Line(JsonObject outputs) => string.Join(" · ", outputs.Where(m => !m.Key.EndsWith("Id", StringComparison.Ordinal)).Select(Fact).OfType<string>());

    private static string? Fact(KeyValuePair<string, JsonNode?> member) =>
        member.Value is JsonValue value && value.GetValueKind() == JsonValueKind.Number ? $"{Words(member.Key)} {Number(member.Key, value)}" : null;

    private static string Number(string name, JsonValue value) =>
        !value.TryGetValue<long>(out var whole) ? value.GetValue<double>().ToString("0.###", CultureInfo.InvariantCulture)
        : name.EndsWith("ytes", StringComparison.Ordinal) ? Size(whole)
        : Show.Number(whole);

    private static string Size(long bytes) => bytes switch
    {
        < 10_000 => $"{Show.Number(bytes)} B",
        < 10_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0} kB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
    };

    private static string Words(string camelCase) =>
        string.Concat(camelCase.Select((c, i) => i > 0 && char.IsUpper(c) ? " " + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));
}
