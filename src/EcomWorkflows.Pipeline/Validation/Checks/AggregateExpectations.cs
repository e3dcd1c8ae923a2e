using System.Text.Json.Nodes;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>Expectations about one figure of a column.</summary>
internal static class AggregateExpectations
{
    public static IReadOnlyList<ExpectationDefinition> All { get; } =
    [
        Figure("expect_column_min_to_be_between", KwargKind.Scalar, "smallest value", c => $"min({c})"),
        Figure("expect_column_max_to_be_between", KwargKind.Scalar, "largest value", c => $"max({c})"),
        Figure("expect_column_mean_to_be_between", KwargKind.Number, "mean", c => $"avg({c})"),
        Figure("expect_column_median_to_be_between", KwargKind.Number, "median", c => $"median({c})"),
        Figure("expect_column_sum_to_be_between", KwargKind.Number, "sum", c => $"sum({c})"),
        Figure("expect_column_stdev_to_be_between", KwargKind.Number, "standard deviation", c => $"stddev_samp({c})"),
        Figure("expect_column_unique_value_count_to_be_between", KwargKind.Count, "number of different values", c => $"count(distinct {c})"),
        Figure(
            "expect_column_proportion_of_unique_values_to_be_between", KwargKind.Share, "share of different values",
            c => $"(count(distinct {c}) @ / nullif(count({c}) @, 0))"),
        new("expect_column_quantile_values_to_be_between", false,
            [new("column", KwargKind.Text, Required: true), new("quantile_ranges", KwargKind.Structure, Required: true), new("row_condition", KwargKind.Text)],
            Quantiles, QuantileDemand),
    ];

    /// <param name="sql">The aggregate over a column; @ marks where the filter goes when it is not at the end.</param>
    private static ExpectationDefinition Figure(string type, KwargKind kind, string words, Func<string, string> sql) => new(
        type, false,
        [
            new("column", KwargKind.Text, Required: true), new("min_value", kind), new("max_value", kind),
            new("strict_min", KwargKind.Flag), new("strict_max", KwargKind.Flag), new("row_condition", KwargKind.Text),
        ],
        check =>
        {
            var column = check.Column();
            var range = ValueRange.From(check.Kwargs);
            var observed = Filtered(sql(DuckDbSql.Identifier(column)), check.Scope);
            return new AggregateCheck(check.Expectation, $"{words} of {column}{check.ScopeWords} is {range.Words}", observed, range.Sql(observed));
        },
        ValueRange.Demand);

    private static string Filtered(string aggregate, string scope)
    {
        var filter = scope == SqlText.True ? "" : $"filter (where {scope})";
        return aggregate.Contains('@', StringComparison.Ordinal) ? aggregate.Replace("@", filter, StringComparison.Ordinal) : $"{aggregate} {filter}".TrimEnd();
    }

    private static AggregateCheck Quantiles(CheckBuilder check)
    {
        var column = check.Column();
        var ranges = check.Kwargs["quantile_ranges"]!;
        var quantiles = ranges["quantiles"]!.AsArray().Select(q => q!.ToJsonString()).ToList();
        var bounds = ranges["value_ranges"]!.AsArray().Select(range => new ValueRange(range![0], range[1], false, false)).ToList();
        var values = Filtered($"quantile_cont({DuckDbSql.Identifier(column)}, [{string.Join(", ", quantiles)}])", check.Scope);
        var good = bounds.Select((range, index) => (range, index)).Where(b => b.range.Min is not null || b.range.Max is not null)
            .Select(b => $"({b.range.Sql($"({values})[{b.index + 1}]")})");
        return new AggregateCheck(
            check.Expectation, $"quantiles of {column}{check.ScopeWords}: {string.Join(", ", bounds.Select((range, i) => $"{quantiles[i]} is {range.Words}"))}",
            $"{{'quantiles': [{string.Join(", ", quantiles)}]::double[], 'values': {values}}}", string.Join(" and ", good.DefaultIfEmpty(SqlText.True)));
    }

    private static string? QuantileDemand(JsonObject kwargs)
    {
        const string form = "\"quantile_ranges\" holds \"quantiles\" (numbers from 0 to 1) and \"value_ranges\" (one [min, max] for each, null = open)";
        var ranges = kwargs["quantile_ranges"];
        var quantile = new Kwarg("quantiles", KwargKind.Share, Required: true);
        return ranges?["quantiles"] is JsonArray { Count: > 0 } quantiles && ranges["value_ranges"] is JsonArray values
            && quantiles.Count == values.Count && quantiles.All(q => quantile.Problem(q) is null) && values.All(IsRange)
            ? null
            : form;
    }

    private static bool IsRange(JsonNode? range) =>
        range is JsonArray { Count: 2 } bounds && bounds.All(bound => new Kwarg("bound", KwargKind.Number).Problem(bound) is null);
}
