using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>Expectations about the form of a column's values, as texts; missing values are skipped.</summary>
internal static class PatternExpectations
{
    private static readonly Kwarg Column = new("column", KwargKind.Text, Required: true);
    private static readonly Kwarg MatchOn = new("match_on", KwargKind.Text, Choices: ["any", "all"]);

    public static IReadOnlyList<ExpectationDefinition> All { get; } =
    [
        new("expect_column_values_to_match_regex", true, [Column, new("regex", KwargKind.Text, Required: true)],
            check => check.Values(Matches(check, check.Text("regex")!), $"matches {check.Text("regex")}")),
        new("expect_column_values_to_not_match_regex", true, [Column, new("regex", KwargKind.Text, Required: true)],
            check => check.Values($"not {Matches(check, check.Text("regex")!)}", $"does not match {check.Text("regex")}")),
        new("expect_column_values_to_match_regex_list", true, [Column, new("regex_list", KwargKind.TextList, Required: true), MatchOn],
            check => Listed(check, "regex_list", Matches, none: false)),
        new("expect_column_values_to_not_match_regex_list", true, [Column, new("regex_list", KwargKind.TextList, Required: true)],
            check => Listed(check, "regex_list", Matches, none: true)),
        new("expect_column_values_to_match_like_pattern", true, [Column, new("like_pattern", KwargKind.Text, Required: true)],
            check => check.Values(IsLike(check, check.Text("like_pattern")!), $"is like {check.Text("like_pattern")}")),
        new("expect_column_values_to_not_match_like_pattern", true, [Column, new("like_pattern", KwargKind.Text, Required: true)],
            check => check.Values($"not {IsLike(check, check.Text("like_pattern")!)}", $"is not like {check.Text("like_pattern")}")),
        new("expect_column_values_to_match_like_pattern_list", true, [Column, new("like_pattern_list", KwargKind.TextList, Required: true), MatchOn],
            check => Listed(check, "like_pattern_list", IsLike, none: false)),
        new("expect_column_values_to_not_match_like_pattern_list", true, [Column, new("like_pattern_list", KwargKind.TextList, Required: true)],
            check => Listed(check, "like_pattern_list", IsLike, none: true)),
        new("expect_column_values_to_match_strftime_format", true, [Column, new("strftime_format", KwargKind.Text, Required: true)],
            check => check.Values($"try_strptime({Text(check)}, {DuckDbSql.Literal(check.Text("strftime_format")!)}) is not null", $"is a time written as {check.Text("strftime_format")}")
                with { KnownWhenGiven = false }),
        new("expect_column_values_to_be_dateutil_parseable", true, [Column],
            check => check.Values($"try_cast({Text(check)} as timestamp) is not null", "can be read as a date or time") with { KnownWhenGiven = false }),
        new("expect_column_values_to_be_json_parseable", true, [Column], check => check.Values($"json_valid({Text(check)})", "is valid JSON")),
    ];

    private static RowCheck Listed(CheckBuilder check, string kwarg, Func<CheckBuilder, string, string> matches, bool none)
    {
        var patterns = check.Kwargs[kwarg]!.AsArray().Select(pattern => pattern!.GetValue<string>()).ToList();
        var all = check.Text("match_on") == "all";
        var any = string.Join(all ? " and " : " or ", patterns.Select(pattern => matches(check, pattern)));
        return check.Values(none ? $"not ({any})" : $"({any})", $"matches {(none ? "none" : all ? "all" : "one")} of {string.Join(", ", patterns)}");
    }

    private static string Text(CheckBuilder check) => $"{DuckDbSql.Identifier(check.Column())}::varchar";

    private static string Matches(CheckBuilder check, string regex) => $"regexp_matches({Text(check)}, {DuckDbSql.Literal(regex)})";

    private static string IsLike(CheckBuilder check, string pattern) => $"({Text(check)} like {DuckDbSql.Literal(pattern)})";
}
