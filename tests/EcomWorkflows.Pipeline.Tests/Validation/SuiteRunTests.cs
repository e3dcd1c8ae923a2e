using System.Text.Json.Nodes;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation;
using EcomWorkflows.Pipeline.Validation.Results;
using EcomWorkflows.Pipeline.Validation.Suites;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Validation;

public sealed class SuiteRunTests : IDisposable
{
    private readonly TableUnderTest table = TableUnderTest.Of(
        """
        select * from (values
          (1, 'a', 10.0, timestamp '2026-01-01', 'f.csv', 2),
          (2, 'b', 20.0, timestamp '2026-01-02', 'f.csv', 3),
          (2, null, -5.0, timestamp '2026-01-03', 'f.csv', 4),
          (4, 'a''b', null, null, 'g.csv', 2)
        ) as t (id, name, amount, made, _file, _line)
        """);

    [Fact]
    public void A_row_that_breaks_several_rules_is_quarantined_once_with_all_its_reasons()
    {
        var result = table.Run(Suite(
            """
            { "type": "expect_column_values_to_not_be_null", "kwargs": { "column": "name" }, "severity": "warning", "meta": { "on_fail": "quarantine", "code": "no_name" } },
            { "type": "expect_column_values_to_be_between", "kwargs": { "column": "amount", "min_value": 0 }, "severity": "warning", "meta": { "on_fail": "quarantine", "code": "negative" } },
            { "type": "expect_column_values_to_be_unique", "kwargs": { "column": "id" }, "severity": "warning", "meta": { "on_fail": "quarantine", "code": "twice" } },
            { "type": "expect_column_values_to_not_be_null", "kwargs": { "column": "made" }, "severity": "info", "meta": { "on_fail": "accept", "code": "no_time" } }
            """));

        (result.RowsRead, result.RowsQuarantined, result.RowsKept).ShouldBe((4, 1, 3));
        result.Reasons.ShouldBe([new QuarantineCount("negative", 1), new QuarantineCount("no_name", 1), new QuarantineCount("twice", 1)]);
        result.Outcome.ShouldBe(ValidationOutcome.Warned);
        table.Quarantine(result).ShouldHaveSingleItem().ShouldBe(
            """
            f.csv:4 no_name+negative+twice | name is missing & amount is -5.0; expected: amount is at least 0 & repeated: id = 2; kept: f.csv line 3 | {"id":2,"name":null,"amount":-5.0,"made":"2026-01-03 00:00:00"}
            """.Trim());
    }

    [Fact]
    public void A_critical_expectation_stops_the_run_only_beyond_mostly()
    {
        const string expectation = """{ "type": "expect_column_values_to_not_be_null", "kwargs": { "column": "name", "mostly": MOSTLY }, "severity": "critical" }""";

        Run(expectation.Replace("MOSTLY", "0.75")).Outcome.ShouldBe(ValidationOutcome.Passed);
        Run(expectation.Replace("MOSTLY", "0.76")).Outcome.ShouldBe(ValidationOutcome.Failed);
    }

    [Theory]
    [InlineData("""{ "type": "expect_column_values_to_not_be_null", "kwargs": { "column": "nome" }, "severity": "info" }""", "has no column 'nome'; its columns are id, name, amount, made")]
    [InlineData("""{ "type": "expect_column_values_to_be_between", "kwargs": { "column": "name", "min_value": 1 }, "severity": "info" }""", "Cannot compare values of type VARCHAR and type INTEGER_LITERAL")]
    [InlineData("""{ "type": "expect_column_values_to_match_regex", "kwargs": { "column": "name", "regex": "(" }, "severity": "info" }""", "missing )")]
    [InlineData("""{ "type": "expect_column_values_to_not_be_null", "kwargs": { "column": "name", "row_condition": "price > 1" }, "severity": "info" }""", "\"price\" not found")]
    [InlineData("""{ "type": "expect_column_values_to_exist_in_table", "kwargs": { "column": "name", "table": "people" }, "severity": "info" }""", "no table 'people'")]
    [InlineData("""{ "type": "unexpected_rows_expectation", "kwargs": { "unexpected_rows_query": "select id from {batch}" }, "severity": "info" }""", "\"_file\" not found")]
    [InlineData("""{ "type": "expect_column_mean_to_be_between", "kwargs": { "column": "name", "min_value": 1 }, "severity": "info" }""", "avg")]
    public void A_check_that_cannot_run_counts_as_critical_and_does_not_spoil_the_others(string broken, string message)
    {
        var result = Run($$"""
            { "type": "expect_column_values_to_not_be_null", "kwargs": { "column": "name" }, "severity": "info" }, {{broken}},
            { "type": "expect_column_values_to_be_between", "kwargs": { "column": "amount", "min_value": 0 }, "severity": "info" }
            """);

        var failed = result.Expectations[^2];
        failed.Exception.ShouldNotBeNull().ShouldContain(message);
        (failed.Success, failed.Severity, failed.Verdict).ShouldBe((false, ExpectationSeverity.Critical, Verdict.Error));
        result.Outcome.ShouldBe(ValidationOutcome.Failed);
        (result.Expectations[^3].UnexpectedCount, result.Expectations[^1].UnexpectedCount).ShouldBe((1, 1));
    }

    [Fact]
    public void Lines_that_ingestion_refused_are_expectations_and_quarantine_of_their_own()
    {
        table.WithRejects(
            """
            select * from (values
              ('f.csv', 9::bigint, 'id', 'parse_type', 'id: x is no integer', 'x,y,z'),
              ('f.csv', 9, 'amount', 'parse_type', 'amount: z is no number', 'x,y,z'),
              ('g.csv', 7, null, 'parse_columns', '2 columns, expected 4', 'x,y')
            ) as r (file, line, column_name, rule, message, raw)
            """);

        var result = Run("""{ "type": "ingest:parse_type", "kwargs": { "mostly": 0.5 }, "severity": "critical" }""");

        (result.RowsRead, result.RowsRefused, result.RowsQuarantined, result.RowsKept).ShouldBe((6, 2, 2, 4));
        result.Expectations.Single(e => e.Expectation.Type == "ingest:parse_type").Verdict.ShouldBe(Verdict.Tolerated);
        result.Expectations.Single(e => e.Expectation.Type == "ingest:parse_columns").Verdict.ShouldBe(Verdict.Failed);
        result.Outcome.ShouldBe(ValidationOutcome.Warned);
        table.Quarantine(result).ShouldBe(
        [
            "f.csv:9 parse_type | amount: z is no number; id: x is no integer | x,y,z",
            "g.csv:7 parse_columns | 2 columns, expected 4 | x,y",
        ]);
    }

    [Fact]
    public void Refused_lines_that_cannot_be_read_are_no_expectation_that_failed()
    {
        table.WithRejects("select 'f.csv' as file, 9::bigint as line, null::varchar as column_name, 'parse_quote' as rule, error('out of room')::varchar as message, '\"' as raw");

        Should.Throw<DuckDbException>(() => Run("")).Message.ShouldContain("out of room");
    }

    [Fact]
    public void Free_SQL_returns_the_rows_that_fail()
    {
        table.With("other", "select 2 as id");

        var result = table.Expect("UnexpectedRowsExpectation", new JsonObject
        {
            ["unexpected_rows_query"] = "select b.* from {batch} b join {other} o using (id) where b.name is null", ["description"] = "known ids have names",
        });

        result.UnexpectedCount.ShouldBe(1);
        result.Examples.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            row => (row.File, row.Line).ShouldBe(("f.csv", 4L)), row => row.Message.ShouldContain("known ids have names"));
    }

    [Theory]
    [InlineData("expect_column_min_to_be_between", "amount", "-5", "-5", "-5.0")]
    [InlineData("expect_column_max_to_be_between", "made", "\"2026-01-03\"", "\"2026-01-04\"", "\"2026-01-03 00:00:00\"")]
    [InlineData("expect_column_mean_to_be_between", "amount", "8.33", "8.34", "8.333333333333334")]
    [InlineData("expect_column_median_to_be_between", "amount", "10", "10", "10.0")]
    [InlineData("expect_column_sum_to_be_between", "amount", "25", "25", "25.0")]
    [InlineData("expect_column_stdev_to_be_between", "amount", "12.58", "12.59", null)]
    [InlineData("expect_column_unique_value_count_to_be_between", "id", "3", "3", "3")]
    [InlineData("expect_column_proportion_of_unique_values_to_be_between", "id", "0.75", "0.75", "0.75")]
    [InlineData("expect_table_row_count_to_be_between", null, "4", "4", "4")]
    public void Figures_are_observed_and_judged(string type, string? column, string min, string max, string? observed)
    {
        var kwargs = new JsonObject { ["min_value"] = JsonNode.Parse(min), ["max_value"] = JsonNode.Parse(max) };
        if (column is not null)
            kwargs["column"] = column;
        var outside = (JsonObject)kwargs.DeepClone();
        outside["strict_max"] = true;
        outside["strict_min"] = true;

        var result = table.Expect(type, kwargs);

        result.Success.ShouldBeTrue();
        if (observed is not null)
            result.Observed!.ToJsonString().ShouldBe(observed);
        if (min == max)
            table.Expect(type, outside).Success.ShouldBeFalse();
    }

    [Fact]
    public void Quantiles_and_columns_and_types_are_checked()
    {
        Succeeds("expect_column_quantile_values_to_be_between", """{ "column": "amount", "quantile_ranges": { "quantiles": [0, 0.5, 1], "value_ranges": [[-5, -5], [10, null], [null, 20]] } }""").ShouldBeTrue();
        Succeeds("expect_column_quantile_values_to_be_between", """{ "column": "amount", "quantile_ranges": { "quantiles": [0.5], "value_ranges": [[11, null]] } }""").ShouldBeFalse();
        Succeeds("expect_table_columns_to_match_set", """{ "column_set": ["made", "amount", "name", "id"] }""").ShouldBeTrue();
        Succeeds("expect_table_columns_to_match_set", """{ "column_set": ["id"] }""").ShouldBeFalse();
        Succeeds("expect_table_columns_to_match_set", """{ "column_set": ["id"], "exact_match": false }""").ShouldBeTrue();
        Succeeds("expect_table_columns_to_match_ordered_list", """{ "column_list": ["name", "id", "amount", "made"] }""").ShouldBeFalse();
        Succeeds("expect_column_to_exist", """{ "column": "amount", "column_index": 2 }""").ShouldBeTrue();
        Succeeds("expect_column_to_exist", """{ "column": "price" }""").ShouldBeFalse();
        Succeeds("expect_column_values_to_be_of_type", """{ "column": "name", "type_": "text" }""").ShouldBeTrue();
        Succeeds("expect_column_values_to_be_of_type", """{ "column": "id", "type_": "VARCHAR" }""").ShouldBeFalse();
        Succeeds("expect_column_values_to_be_in_type_list", """{ "column": "made", "type_list": ["DATE", "TIMESTAMP"] }""").ShouldBeTrue();
    }

    [Fact]
    public void An_empty_table_passes_every_rule_about_rows()
    {
        using var empty = TableUnderTest.Of("select 1 as id, 'f' as _file, 1 as _line where false");

        var result = empty.Expect("expect_column_values_to_not_be_null", new JsonObject { ["column"] = "id" });

        (result.Success, result.ElementCount, result.UnexpectedShare).ShouldBe((true, 0, null));
    }

    [Fact]
    public void A_suite_of_many_more_expectations_than_one_scan_takes_is_checked_whole()
    {
        var expectations = Enumerable.Range(0, 600).Select(i =>
            $$"""{ "type": "expect_column_values_to_be_between", "kwargs": { "column": "id", "max_value": {{i % 5}} }, "severity": "info", "meta": { "code": "c{{i}}" } }""");

        var result = Run(string.Join(",", expectations));

        result.Expectations.Count(e => e.Verdict == Verdict.Failed).ShouldBe(480);
        result.Expectations.Where(e => e.Verdict == Verdict.Failed).Sum(e => e.Examples.Count).ShouldBe(120 * (4 + 3 + 1 + 1));
    }

    public void Dispose() => table.Dispose();

    private bool Succeeds(string type, string kwargs) => table.Expect(type, (JsonObject)JsonNode.Parse(kwargs)!).Success;

    private ValidationResult Run(string expectations)
    {
        table.Duck.Execute("drop table if exists failing_row");
        return table.Run(Suite(expectations));
    }

    private static ExpectationSuite Suite(string expectations)
    {
        var (suite, problems) = SuiteParser.Parse($$"""{ "name": "test", "expectations": [ {{expectations}} ] }""", "test.json");
        problems.ShouldBeEmpty();
        return suite!;
    }
}
