using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EcomWorkflows.Pipeline.Validation.Suites;

/// <summary>A limit on the number of failing rows as dbt writes it: <c>"&gt;10"</c>, <c>"&gt;= 100"</c>.</summary>
internal static partial class RowCountLimit
{
    public static bool IsLimit(string text) => Form().IsMatch(text);

    /// <summary>Whether so many rows reach the limit; false where none is stated.</summary>
    public static bool IsReached(JsonNode? limit, long rows)
    {
        if (limit is null)
            return false;
        var parts = Form().Match(limit.GetValue<string>());
        var count = long.Parse(parts.Groups[2].ValueSpan);
        return parts.Groups[1].Value == ">=" ? rows >= count : rows > count;
    }

    [GeneratedRegex(@"^\s*(>=|>)\s*([0-9]{1,15})\s*$")]
    private static partial Regex Form();
}
