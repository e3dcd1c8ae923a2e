using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>Bounds of a value; at least one is given.</summary>
internal sealed record ValueRange(JsonNode? Min, JsonNode? Max, bool StrictMin, bool StrictMax)
{
    public static ValueRange From(JsonObject kwargs) =>
        new(kwargs["min_value"], kwargs["max_value"], kwargs["strict_min"]?.GetValue<bool>() ?? false, kwargs["strict_max"]?.GetValue<bool>() ?? false);

    /// <summary>What is wrong with the bounds as stated; null when nothing.</summary>
    public static string? Demand(JsonObject kwargs) => (kwargs["min_value"], kwargs["max_value"]) switch
    {
        (null, null) => "give \"min_value\", \"max_value\" or both",
        ({ } min, { } max) when Compare(min, max) > 0 => $"\"min_value\" {min.ToReadableText()} is above \"max_value\" {max.ToReadableText()}, so every value would fail; exchange them",
        _ => null,
    };

    /// <summary>Which of two bounds is higher; null where only the run or the column's type can tell.</summary>
    private static int? Compare(JsonNode min, JsonNode max) => (min.GetValueKind(), max.GetValueKind()) switch
    {
        (JsonValueKind.Number, JsonValueKind.Number) => min.GetValue<double>().CompareTo(max.GetValue<double>()),
        (JsonValueKind.String, JsonValueKind.String) when Moment(min) is { } from && Moment(max) is { } to => from.CompareTo(to),
        _ => null,
    };

    /// <summary>A day or time as ISO 8601 writes it; other texts have an order of their own.</summary>
    private static DateTime? Moment(JsonNode value) =>
        value.GetValue<string>() is [_, _, _, _, '-', _, _, '-', ..] text
        && DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;

    public string Sql(string subject) => SqlOfExtremes(subject, subject);

    /// <summary>SQL condition that all values are in the range, from the smallest and the largest of them.</summary>
    public string SqlOfExtremes(string smallest, string largest) => string.Join(
        " and ",
        new[]
        {
            Min is null ? null : $"{smallest} {(StrictMin ? ">" : ">=")} {SqlText.Literal(Min)}",
            Max is null ? null : $"{largest} {(StrictMax ? "<" : "<=")} {SqlText.Literal(Max)}",
        }.OfType<string>());

    public string Words => (Min, Max) switch
    {
        (not null, not null) when !StrictMin && !StrictMax => $"between {Min} and {Max}",
        _ => string.Join(
            " and ",
            new[]
            {
                Min is null ? null : $"{(StrictMin ? "greater than" : "at least")} {Min}",
                Max is null ? null : $"{(StrictMax ? "less than" : "at most")} {Max}",
            }.OfType<string>()),
    };
}
