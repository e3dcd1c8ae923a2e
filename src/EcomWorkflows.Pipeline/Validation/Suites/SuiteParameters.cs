using System.Text.Json.Nodes;

namespace EcomWorkflows.Pipeline.Validation.Suites;

/// <summary>
/// What a suite may leave to the run, in Great Expectations' form <c>{"$PARAMETER": "data_interval_end"}</c> in place of a value,
/// or as <c>{data_interval_end}</c> inside SQL.
/// </summary>
internal static class SuiteParameters
{
    private const string Member = "$PARAMETER";

    public static IReadOnlyList<string> Names { get; } = ["data_interval_start", "data_interval_end", "logical_date"];

    /// <summary>The values of a run, as DuckDB reads a timestamp.</summary>
    public static IReadOnlyDictionary<string, string> Of(DateTimeOffset intervalStart, DateTimeOffset intervalEnd, DateTimeOffset logicalDate) =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["data_interval_start"] = Text(intervalStart),
            ["data_interval_end"] = Text(intervalEnd),
            ["logical_date"] = Text(logicalDate),
        };

    /// <summary>Whether a value is a reference to a known parameter.</summary>
    public static bool IsReference(JsonNode? value) =>
        value is JsonObject { Count: 1 } reference && reference[Member] is JsonValue name && name.TryGetValue<string>(out var text) && Names.Contains(text);

    /// <summary>The suite with every reference replaced by its value.</summary>
    public static ExpectationSuite Resolve(this ExpectationSuite suite, IReadOnlyDictionary<string, string> values) => suite with
    {
        Parameters = values,
        Expectations = [.. suite.Expectations.Select(expectation => expectation with { Kwargs = Resolve(expectation.Kwargs, values) })],
    };

    private static JsonObject Resolve(JsonObject kwargs, IReadOnlyDictionary<string, string> values)
    {
        var resolved = new JsonObject();
        foreach (var (name, value) in kwargs)
        {
            resolved[name] = IsReference(value) ? values[value![Member]!.GetValue<string>()]
                : name is "row_condition" or "unexpected_rows_query" ? Embed(value!.GetValue<string>(), values)
                : value?.DeepClone();
        }
        return resolved;
    }

    private static string Embed(string sql, IReadOnlyDictionary<string, string> values) =>
        values.Aggregate(sql, (text, value) => text.Replace($"{{{value.Key}}}", $"timestamp '{value.Value}'", StringComparison.Ordinal));

    private static string Text(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff");
}
