using System.Text.Json.Nodes;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>Bounds of a value; at least one is given.</summary>
internal sealed record ValueRange(JsonNode? Min, JsonNode? Max, bool StrictMin, bool StrictMax)
{
    public static ValueRange From(JsonObject kwargs) =>
        new(kwargs["min_value"], kwargs["max_value"], kwargs["strict_min"]?.GetValue<bool>() ?? false, kwargs["strict_max"]?.GetValue<bool>() ?? false);

    /// <summary>What is wrong with the bounds as stated; null when nothing.</summary>
    public static string? Demand(JsonObject kwargs) =>
        kwargs["min_value"] is null && kwargs["max_value"] is null ? "give \"min_value\", \"max_value\" or both" : null;

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
