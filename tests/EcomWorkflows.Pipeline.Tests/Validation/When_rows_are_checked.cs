using System.Text.Json.Nodes;
using EcomWorkflows.Pipeline.Validation;
using EcomWorkflows.Pipeline.Validation.Results;
using EcomWorkflows.Pipeline.Validation.Suites;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Validation;

public sealed class When_rows_are_checked : IDisposable
{
    private readonly TableUnderTest table = TableUnderTest.Of(
        """
        select * from (values
          (1, 'GB', 'GBP', 10.0, '2026-01-05', '{"a":1}', timestamp '2026-01-05 00:00', 'f.csv', 2),
          (2, 'FR', 'EUR', 11.0, '2026-01-06', 'x', timestamp '2026-01-06 00:00', 'f.csv', 3),
          (2, 'FR', 'GBP', 12.0, '06.01.2026', '[]', timestamp '2026-01-04 00:00', 'f.csv', 4),
          (null, null, null, null, null, null, null, 'f.csv', 5),
          (4, 'DE', 'EUR', 99.0, '2026-13-01', '', timestamp '2026-01-07 12:00', 'g.csv', 2)
        ) as t (id, country, currency, amount, day, json, made, _file, _line)
        """);

    [Theory]
    [InlineData("expect_column_values_to_be_increasing", """{ "column": "made" }""", "f.csv:4")]
    [InlineData("expect_column_values_to_be_increasing", """{ "column": "id", "strictly": true }""", "f.csv:4")]
    [InlineData("expect_column_values_to_be_increasing", """{ "column": "id" }""", "")]
    [InlineData("expect_column_values_to_be_decreasing", """{ "column": "amount" }""", "f.csv:3 f.csv:4 g.csv:2")]
    [InlineData("expect_column_values_to_match_strftime_format", """{ "column": "day", "strftime_format": "%Y-%m-%d" }""", "f.csv:4 g.csv:2")]
    [InlineData("expect_column_values_to_be_dateutil_parseable", """{ "column": "day" }""", "f.csv:4 g.csv:2")]
    [InlineData("expect_column_values_to_be_json_parseable", """{ "column": "json" }""", "f.csv:3 g.csv:2")]
    [InlineData("expect_column_values_to_match_like_pattern", """{ "column": "day", "like_pattern": "2026-%" }""", "f.csv:4")]
    [InlineData("expect_column_values_to_not_match_like_pattern", """{ "column": "day", "like_pattern": "2026-0%" }""", "f.csv:2 f.csv:3")]
    [InlineData("expect_column_values_to_match_regex_list", """{ "column": "country", "regex_list": ["^G", "^F"] }""", "g.csv:2")]
    [InlineData("expect_column_values_to_match_regex_list", """{ "column": "country", "regex_list": ["^G", "B$"], "match_on": "all" }""", "f.csv:3 f.csv:4 g.csv:2")]
    [InlineData("expect_column_values_to_not_match_regex_list", """{ "column": "country", "regex_list": ["^G", "^F"] }""", "f.csv:2 f.csv:3 f.csv:4")]
    [InlineData("expect_column_values_to_match_like_pattern_list", """{ "column": "country", "like_pattern_list": ["G%", "F%"] }""", "g.csv:2")]
    [InlineData("expect_column_values_to_not_match_like_pattern_list", """{ "column": "country", "like_pattern_list": ["G%", "F%"] }""", "f.csv:2 f.csv:3 f.csv:4")]
    [InlineData("expect_column_pair_values_to_be_in_set", """{ "column_A": "country", "column_B": "currency", "value_pairs_set": [["GB", "GBP"], ["FR", "EUR"], ["DE", "EUR"]] }""", "f.csv:4")]
    [InlineData("expect_column_value_z_scores_to_be_less_than", """{ "column": "amount", "threshold": 1.4 }""", "g.csv:2")]
    [InlineData("expect_column_value_z_scores_to_be_less_than", """{ "column": "amount", "threshold": 1.6 }""", "")]
    public void Failing_rows_are_found(string type, string kwargs, string rows)
    {
        var result = Expect(type, kwargs);

        result.Exception.ShouldBeNull();
        string.Join(' ', result.Examples.Select(row => $"{row.File}:{row.Line}")).ShouldBe(rows);
        result.UnexpectedCount.ShouldBe(rows.Length == 0 ? 0 : rows.Split(' ').Length);
    }

    [Fact]
    public void A_key_of_several_columns_is_looked_up_in_another_table()
    {
        table.With("rates", "select * from (values ('GB', 'GBP'), ('FR', 'EUR'), (null, 'EUR')) as r (land, money)");

        var result = Expect("expect_compound_columns_to_exist_in_table", """{ "column_list": ["country", "currency"], "table": "rates", "table_column_list": ["land", "money"] }""");

        (result.UnexpectedCount, result.MissingCount).ShouldBe((2, 1));
        result.Examples[0].Message.ShouldBe("country is FR, currency is GBP, which is no key of rates");
    }

    [Theory]
    [InlineData("expect_column_distinct_values_to_be_in_set", """["GB", "FR", "DE", "IT"]""", true)]
    [InlineData("expect_column_distinct_values_to_be_in_set", """["GB", "FR"]""", false)]
    [InlineData("expect_column_distinct_values_to_contain_set", """["GB", "FR"]""", true)]
    [InlineData("expect_column_distinct_values_to_contain_set", """["GB", "IT"]""", false)]
    [InlineData("expect_column_distinct_values_to_equal_set", """["FR", "GB", "DE"]""", true)]
    [InlineData("expect_column_distinct_values_to_equal_set", """["GB", "FR"]""", false)]
    [InlineData("expect_column_most_common_value_to_be_in_set", """["FR"]""", true)]
    [InlineData("expect_column_most_common_value_to_be_in_set", """["GB", "DE"]""", false)]
    public void Different_values_are_compared_with_a_set(string type, string set, bool success)
    {
        var result = Expect(type, $$"""{ "column": "country", "value_set": {{set}} }""");

        (result.Exception, result.Success).ShouldBe((null, success));
    }

    [Theory]
    [InlineData("36 hours", "2026-01-09", true)]
    [InlineData("35 hours", "2026-01-09", false)]
    [InlineData("1.5 days", "2026-01-09", true)]
    public void Freshness_is_the_age_of_the_newest_value(string maxAge, string asOf, bool success)
    {
        var result = Expect("expect_table_to_be_fresh", $$"""{ "column": "made", "max_age": "{{maxAge}}", "as_of": "{{asOf}}" }""");

        (result.Exception, result.Success).ShouldBe((null, success));
        result.Observed!["age_seconds"]!.GetValue<double>().ShouldBe(36 * 3600);
    }

    [Fact]
    public void No_value_at_all_is_not_fresh() =>
        Expect("expect_table_to_be_fresh", """{ "column": "made", "max_age": "1 week", "as_of": "2026-01-09", "row_condition": "false" }""").Success.ShouldBeFalse();

    [Fact]
    public void The_end_of_the_data_interval_stands_in_for_the_moment_of_freshness()
    {
        var suite = Suite("""{ "type": "expect_table_to_be_fresh", "kwargs": { "column": "made", "max_age": "1 day" } }""");
        var end = new DateTimeOffset(2026, 1, 8, 0, 0, 0, TimeSpan.Zero);

        table.Run(suite.Resolve(SuiteParameters.Of(end.AddDays(-1), end, end))).Outcome.ShouldBe(ValidationOutcome.Passed);
    }

    [Theory]
    [InlineData("""{ "column": "country", "value_set": ["GB"], "warn_if": ">2" }""", true, ExpectationSeverity.Info)]
    [InlineData("""{ "column": "country", "value_set": ["FR"], "warn_if": ">1" }""", false, ExpectationSeverity.Warning)]
    [InlineData("""{ "column": "country", "value_set": ["FR"], "warn_if": ">=1", "error_if": ">=2" }""", false, ExpectationSeverity.Critical)]
    [InlineData("""{ "column": "country", "value_set": ["FR"], "error_if": ">2" }""", true, ExpectationSeverity.Info)]
    [InlineData("""{ "column": "country", "value_set": ["FR"], "error_if": ">2", "mostly": 0.9 }""", false, ExpectationSeverity.Info)]
    public void Limits_on_the_number_of_failing_rows_decide_how_grave_it_is(string kwargs, bool success, ExpectationSeverity severity)
    {
        table.Duck.Execute("drop table if exists failing_row");

        var result = table.Run(Suite($$"""{ "type": "expect_column_values_to_not_be_in_set", "kwargs": {{kwargs}}, "severity": "info" }""")).Expectations[^1];

        (result.Success, result.Severity).ShouldBe((success, severity));
    }

    [Theory]
    [InlineData("""{ "column": "country", "value_set": [], "warn_if": "10 %" }""", "such as \">10\"")]
    [InlineData("""{ "column": "country", "value_set": [], "error_if": 5 }""", "\"error_if\" must be")]
    public void A_limit_that_is_none_is_refused(string kwargs, string message) =>
        SuiteParser.Parse($$"""{ "name": "t", "expectations": [ { "type": "expect_column_values_to_not_be_in_set", "kwargs": {{kwargs}} } ] }""", "t.json")
            .Problems.ShouldHaveSingleItem().Message.ShouldContain(message);

    [Fact]
    public void The_number_of_rows_is_compared_with_earlier_runs()
    {
        table.History([5, 5, 6, 5, 4, 5]).Expect("expect_table_row_count_to_fit_history", []).Success.ShouldBeTrue();
        var unusual = table.History([9_000, 9_100, 8_900, 9_050, 8_950]).Expect("expect_table_row_count_to_fit_history", []);
        unusual.Success.ShouldBeFalse();
        unusual.Details!["median"]!.GetValue<double>().ShouldBe(9_000);
        unusual.Details!["low"]!.GetValue<double>().ShouldBeInRange(7_500, 8_900);
        table.History([9_000, 9_000]).Expect("expect_table_row_count_to_fit_history", []).Details!["note"]!.GetValue<string>().ShouldBe("not judged: 2 earlier runs, at least 5 are needed");
        table.History([9_000, 9_000]).Expect("expect_table_row_count_to_fit_history", new JsonObject { ["min_runs"] = 2 }).Success.ShouldBeFalse();
    }

    public void Dispose() => table.Dispose();

    private ExpectationResult Expect(string type, string kwargs) => table.Expect(type, (JsonObject)JsonNode.Parse(kwargs)!);

    private static ExpectationSuite Suite(string expectation) => SuiteParser.Parse($$"""{ "name": "t", "expectations": [ {{expectation}} ] }""", "t.json").Suite!;
}
