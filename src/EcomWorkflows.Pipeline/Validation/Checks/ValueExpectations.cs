using System.Text.Json.Nodes;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>Expectations about each value of one column; missing values are skipped.</summary>
internal static class ValueExpectations
{
    private static readonly Kwarg Column = new("column", KwargKind.Text, Required: true);

    public static IReadOnlyList<ExpectationDefinition> All { get; } =
    [
        new("expect_column_values_to_be_between", true,
            [Column, new("min_value", KwargKind.Scalar), new("max_value", KwargKind.Scalar), new("strict_min", KwargKind.Flag), new("strict_max", KwargKind.Flag)],
            Between, ValueRange.Demand),
        new("expect_column_values_to_be_in_set", true, [Column, new("value_set", KwargKind.ScalarList, Required: true)], InSet),
        new("expect_column_values_to_not_be_in_set", true, [Column, new("value_set", KwargKind.ScalarList, Required: true)], NotInSet),
        new("expect_column_value_lengths_to_be_between", true,
            [Column, new("min_value", KwargKind.Count), new("max_value", KwargKind.Count), new("strict_min", KwargKind.Flag), new("strict_max", KwargKind.Flag)],
            LengthBetween, ValueRange.Demand),
        new("expect_column_value_lengths_to_equal", true, [Column, new("value", KwargKind.Count, Required: true)], LengthEqual),
        new("expect_column_value_z_scores_to_be_less_than", true,
            [Column, new("threshold", KwargKind.Number, Required: true), new("double_sided", KwargKind.Flag)], ZScore),
    ];

    private static RowCheck Between(CheckBuilder check)
    {
        var range = ValueRange.From(check.Kwargs);
        return check.Values(range.Sql(Id(check)), $"is {range.Words}") with { NoneFails = range.SqlOfExtremes($"min({Id(check)})", $"max({Id(check)})") };
    }

    private static RowCheck InSet(CheckBuilder check) => check.Values(Membership(check), Values(check).Count() == 1 ? $"is {Listed(check)}" : $"is one of {Listed(check)}");

    private static RowCheck NotInSet(CheckBuilder check) => check.Values($"not ({Membership(check)})", Values(check).Count() == 1 ? $"is not {Listed(check)}" : $"is none of {Listed(check)}");

    private static RowCheck LengthBetween(CheckBuilder check)
    {
        var range = ValueRange.From(check.Kwargs);
        var length = $"length({Id(check)}::varchar)";
        return check.Values(range.Sql(length), $"has {range.Words} characters") with { NoneFails = range.SqlOfExtremes($"min({length})", $"max({length})") };
    }

    private static RowCheck LengthEqual(CheckBuilder check)
    {
        var length = check.Kwargs["value"]!;
        return check.Values($"length({Id(check)}::varchar) = {SqlText.Literal(length)}", $"has {length} characters");
    }

    /// <summary>How many standard deviations a value lies from the mean of all that are considered; where all are equal, none lies away from it.</summary>
    private static RowCheck ZScore(CheckBuilder check)
    {
        var threshold = check.Kwargs["threshold"]!;
        var all = $"from {ValidatedTable.Batch} where {check.Scope}";
        var score = $"(({Id(check)} - (select avg({Id(check)}) {all})) / nullif((select stddev_samp({Id(check)}) {all}), 0))";
        var good = check.Flag("double_sided", missing: true) ? $"abs({score}) < {SqlText.Literal(threshold)}" : $"{score} < {SqlText.Literal(threshold)}";
        return check.Values($"coalesce({good}, true)", $"is less than {threshold} standard deviations from the mean");
    }

    private static string Id(CheckBuilder check) => DuckDbSql.Identifier(check.Column());

    private static string Membership(CheckBuilder check)
    {
        var values = Values(check).Select(SqlText.Literal).ToList();
        // Never true, and unknown for null as every condition on a value here.
        return values.Count == 0 ? $"{Id(check)} <> {Id(check)}" : $"{Id(check)} in ({string.Join(", ", values)})";
    }

    private static IEnumerable<JsonNode> Values(CheckBuilder check) => check.Kwargs["value_set"]!.AsArray().OfType<JsonNode>();

    private static string Listed(CheckBuilder check)
    {
        const int shown = 12;
        var values = Values(check).Select(value => value.ToString()).ToList();
        return string.Join(", ", values.Take(shown)) + (values.Count > shown ? $" and {values.Count - shown} more" : "");
    }
}
