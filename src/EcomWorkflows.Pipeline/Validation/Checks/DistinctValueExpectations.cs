using System.Text.Json.Nodes;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>Expectations about which different values a column has, however often.</summary>
internal static class DistinctValueExpectations
{
    /// <summary>Values outside the set that a result names.</summary>
    private const int Shown = 20;

    private static readonly Kwarg[] OfSet =
        [new("column", KwargKind.Text, Required: true), new("value_set", KwargKind.ScalarList, Required: true), new("row_condition", KwargKind.Text)];

    public static IReadOnlyList<ExpectationDefinition> All { get; } =
    [
        new("expect_column_distinct_values_to_be_in_set", false, OfSet, check => Distinct(check, "are all among", (_, outside, _) => $"{outside} = 0")),
        new("expect_column_distinct_values_to_contain_set", false, OfSet, check => Distinct(check, "include all of", (inside, _, expected) => $"{inside} = {expected}")),
        new("expect_column_distinct_values_to_equal_set", false, OfSet, check => Distinct(check, "are exactly", (inside, outside, expected) => $"{outside} = 0 and {inside} = {expected}")),
        new("expect_column_most_common_value_to_be_in_set", false, OfSet, MostCommon),
    ];

    private static AggregateCheck Distinct(CheckBuilder check, string words, Func<string, string, int, string> good)
    {
        var id = DuckDbSql.Identifier(check.Column());
        var inside = $"count(distinct {id}) filter (where {SqlText.And(check.Scope, Among(check, id))})";
        var outside = $"count(distinct {id}) filter (where {SqlText.And(check.Scope, $"not ({Among(check, id)})")})";
        var others = $"list_sort((min(distinct {id}, {Shown}) filter (where {SqlText.And(check.Scope, $"not ({Among(check, id)})")})))";
        return new AggregateCheck(
            check.Expectation, $"the values of {check.Column()}{check.ScopeWords} {words} {Listed(check)}", $"{{'in_set': {inside}, 'not_in_set': {outside}, 'others': {others}}}",
            good(inside, outside, Set(check).Count));
    }

    private static AggregateCheck MostCommon(CheckBuilder check)
    {
        var id = DuckDbSql.Identifier(check.Column());
        var mode = $"mode({id}){(check.Scope == SqlText.True ? "" : $" filter (where {check.Scope})")}";
        return new AggregateCheck(
            check.Expectation, $"the most common value of {check.Column()}{check.ScopeWords} is one of {Listed(check)}", mode,
            Set(check).Count == 0 ? "false" : $"{mode} in ({string.Join(", ", Set(check).Select(SqlText.Literal))})");
    }

    private static string Among(CheckBuilder check, string id) => Set(check).Count == 0 ? $"{id} <> {id}" : $"{id} in ({string.Join(", ", Set(check).Select(SqlText.Literal))})";

    private static List<JsonNode> Set(CheckBuilder check) => [.. check.Kwargs["value_set"]!.AsArray().OfType<JsonNode>().DistinctBy(value => value.ToJsonString())];

    private static string Listed(CheckBuilder check) => string.Join(", ", Set(check).Select(value => value.ToString()));
}
