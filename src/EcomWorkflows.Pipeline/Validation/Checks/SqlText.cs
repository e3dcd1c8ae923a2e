using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>Pieces of DuckDB SQL that checks are put together from.</summary>
internal static class SqlText
{
    public const string True = "true";

    public static string And(string left, string right) => left == True ? right : right == True ? left : $"{left} and {right}";

    /// <summary>A condition a suite states, safe to combine (a trailing comment ends with its line) and never unknown.</summary>
    public static string Condition(string? stated) => stated is null ? True : $"(({stated}\n) is true)";

    /// <summary>A JSON scalar as SQL; a text takes the type of what it is compared with, so dates can be given as texts.</summary>
    public static string Literal(JsonNode value) => value.GetValueKind() == JsonValueKind.String ? DuckDbSql.Literal(value.GetValue<string>()) : value.ToJsonString();

    /// <summary>The value as a person reads it; "missing" for null.</summary>
    public static string Shown(string column) => $"coalesce(left({DuckDbSql.Identifier(column)}::varchar, 200), 'missing')";

    public static string Json(string column) => $"to_json({DuckDbSql.Identifier(column)})::varchar";

    /// <summary>Several columns as one JSON object.</summary>
    public static string Json(IEnumerable<string> columns) =>
        $"to_json({{{string.Join(", ", columns.Select(column => $"{DuckDbSql.Literal(column)}: {DuckDbSql.Identifier(column)}"))}}})::varchar";

    public static string Identifiers(IEnumerable<string> columns) => string.Join(", ", columns.Select(DuckDbSql.Identifier));
}
