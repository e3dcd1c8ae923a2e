using System.Text.Json.Nodes;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>Expectations about several columns of the same row.</summary>
internal static class CrossColumnExpectations
{
    private static readonly Kwarg[] Pair =
    [
        new("column_A", KwargKind.Text, Required: true), new("column_B", KwargKind.Text, Required: true),
        new("ignore_row_if", KwargKind.Text, Choices: ["both_values_are_missing", "either_value_is_missing", "neither"]),
    ];

    private static readonly Kwarg[] Several =
    [
        new("column_list", KwargKind.TextList, Required: true),
        new("ignore_row_if", KwargKind.Text, Choices: ["all_values_are_missing", "any_value_is_missing", "never"]),
    ];

    public static IReadOnlyList<ExpectationDefinition> All { get; } =
    [
        new("expect_column_pair_values_a_to_be_greater_than_b", true, [.. Pair, new("or_equal", KwargKind.Flag)], Greater),
        new("expect_column_pair_values_to_be_equal", true, Pair, Equal),
        new("expect_column_pair_values_to_be_in_set", true, [.. Pair, new("value_pairs_set", KwargKind.Lists, Required: true)], PairInSet,
            kwargs => kwargs["value_pairs_set"]!.AsArray().All(pair => pair!.AsArray().Count == 2) ? null : "\"value_pairs_set\" holds pairs: [[\"GB\", \"GBP\"], [\"FR\", \"EUR\"]]"),
        new("expect_multicolumn_sum_to_equal", true,
            [.. Several, new("sum_total", KwargKind.Number, Required: true), new("tolerance", KwargKind.Number)], Sum),
        new("expect_select_column_values_to_be_unique_within_record", true, Several, UniqueWithinRecord),
    ];

    /// <summary>The rows <c>ignore_row_if</c> skips, over several columns.</summary>
    public static string? Ignored(CheckBuilder check, IReadOnlyList<string> columns, string missing = "all_values_are_missing") =>
        check.Text("ignore_row_if", missing) switch
        {
            "all_values_are_missing" or "both_values_are_missing" => $"({string.Join(" and ", columns.Select(column => $"{DuckDbSql.Identifier(column)} is null"))})",
            "any_value_is_missing" or "either_value_is_missing" => $"({string.Join(" or ", columns.Select(column => $"{DuckDbSql.Identifier(column)} is null"))})",
            _ => null,
        };

    private static RowCheck Greater(CheckBuilder check)
    {
        var (a, b) = (check.Column("column_A"), check.Column("column_B"));
        var orEqual = check.Flag("or_equal");
        return Rows(
            check, [a, b], $"{DuckDbSql.Identifier(a)} {(orEqual ? ">=" : ">")} {DuckDbSql.Identifier(b)}", $"{a} is greater than {(orEqual ? "or equal to " : "")}{b}",
            "both_values_are_missing");
    }

    private static RowCheck Equal(CheckBuilder check)
    {
        var (a, b) = (check.Column("column_A"), check.Column("column_B"));
        return Rows(check, [a, b], $"{DuckDbSql.Identifier(a)} = {DuckDbSql.Identifier(b)}", $"{a} equals {b}", "both_values_are_missing");
    }

    private static RowCheck PairInSet(CheckBuilder check)
    {
        var (a, b) = (check.Column("column_A"), check.Column("column_B"));
        var pairs = check.Kwargs["value_pairs_set"]!.AsArray().Select(pair => pair!.AsArray()).ToList();
        var good = pairs.Select(pair => $"({Equals(a, pair[0])} and {Equals(b, pair[1])})");
        return Rows(
            check, [a, b], string.Join(" or ", good), $"({a}, {b}) is one of {string.Join(", ", pairs.Select(pair => $"({pair[0]}, {pair[1]})"))}", "both_values_are_missing");
    }

    private static string Equals(string column, JsonNode? value) => $"{DuckDbSql.Identifier(column)} {(value is null ? "is null" : $"= {SqlText.Literal(value)}")}";

    private static RowCheck Sum(CheckBuilder check)
    {
        var columns = check.Columns();
        var (total, tolerance) = (check.Kwargs["sum_total"]!, check.Kwargs["tolerance"]);
        var sum = string.Join(" + ", columns.Select(DuckDbSql.Identifier));
        var good = tolerance is null ? $"{sum} = {SqlText.Literal(total)}" : $"abs({sum} - {SqlText.Literal(total)}) <= {SqlText.Literal(tolerance)}";
        return Rows(check, columns, good, $"{string.Join(" + ", columns)} is {total}{(tolerance is null ? "" : $" ± {tolerance}")}", "all_values_are_missing");
    }

    private static RowCheck UniqueWithinRecord(CheckBuilder check)
    {
        var columns = check.Columns();
        var values = string.Join(", ", columns.Select(column => $"{DuckDbSql.Identifier(column)}::varchar"));
        return Rows(
            check, columns, $"len(list_distinct([{values}])) = len(list_filter([{values}], v -> v is not null))", $"{string.Join(", ", columns)} all differ",
            "all_values_are_missing");
    }

    private static RowCheck Rows(CheckBuilder check, IReadOnlyList<string> columns, string good, string words, string ignored)
    {
        var found = string.Join(" || ', ' || ", columns.Select(column => $"{DuckDbSql.Literal($"{column} = ")} || {SqlText.Shown(column)}"));
        return new RowCheck(
            check.Expectation, words + check.ScopeWords, check.Scope, Ignored(check, columns, ignored), good, SqlText.Json(columns),
            $"{found} || {DuckDbSql.Literal($"; expected: {words}")}");
    }
}
