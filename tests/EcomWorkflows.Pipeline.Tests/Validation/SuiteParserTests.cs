using EcomWorkflows.Pipeline.Validation.Suites;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Validation;

public class SuiteParserTests
{
    [Fact]
    public void A_suite_in_the_form_of_Great_Expectations_is_read_with_its_lines()
    {
        var (suite, problems) = SuiteParser.Parse(
            """
            {
              "name": "orders",
              "id": null,
              "expectations": [
                {
                  "type": "expect_column_values_to_not_be_null",
                  "kwargs": { "column": "order_id", "mostly": 0.9 },
                  "severity": "warning",
                  "meta": { "on_fail": "quarantine", "code": "missing_order" }
                },
                { "type": "expect_table_row_count_to_be_between", "kwargs": { "min_value": 1 } }
              ],
              "meta": { "great_expectations_version": "1.17.0" }
            }
            """, "orders.json");

        problems.ShouldBeEmpty();
        suite!.Expectations.Select(e => (e.Line, e.Code, e.Severity, e.FailingRows, e.Mostly)).ShouldBe(
        [
            (5, "missing_order", ExpectationSeverity.Warning, FailingRows.Quarantine, 0.9),
            (11, "table_row_count_to_be_between", ExpectationSeverity.Critical, FailingRows.Accept, 1),
        ]);
    }

    [Theory]
    [InlineData("""{ "type": "expect_column_values_to_not_be_nul", "kwargs": { "column": "a" } }""", "there is no type \"expect_column_values_to_not_be_nul\". Did you mean 'expect_column_values_to_not_be_null'? Known types: ")]
    [InlineData("""{ "type": "expect_column_values_to_be_in_set", "kwargs": { "column": "a", "value_set": [1], "valueset": [1] } }""", "has no argument \"valueset\"; it takes column, value_set, mostly, row_condition")]
    [InlineData("""{ "type": "expect_column_values_to_be_in_set", "kwargs": { "column": "a" } }""", "\"value_set\" is required")]
    [InlineData("""{ "type": "expect_column_values_to_be_between", "kwargs": { "column": "a" } }""", "give \"min_value\", \"max_value\" or both")]
    [InlineData("""{ "type": "expect_column_values_to_be_between", "kwargs": { "column": "a", "min_value": 9, "max_value": 1 } }""", "\"min_value\" 9 is above \"max_value\" 1")]
    [InlineData("""{ "type": "expect_column_values_to_be_between", "kwargs": { "column": "a", "min_value": "2026-10-01", "max_value": "2026-09-30" } }""", "is above \"max_value\" \"2026-09-30\"")]
    [InlineData("""{ "type": "expect_column_values_to_not_be_null", "kwargs": { "column": "a", "mostly": 95 } }""", "\"mostly\" must be a number from 0 to 1, not 95")]
    [InlineData("""{ "type": "expect_column_values_to_not_be_null", "kwargs": { "column": "a" }, "severity": "fatal" }""", "\"severity\" must be one of \"info\", \"warning\", \"critical\", not \"fatal\"")]
    [InlineData("""{ "type": "expect_column_values_to_not_be_null", "kwargs": { "column": "a" }, "meta": { "code": "../x" } }""", "\"meta.code\" must be a reason code")]
    [InlineData("""{ "type": "expect_table_row_count_to_equal", "kwargs": { "value": 1 }, "meta": { "on_fail": "quarantine" } }""", "has no failing rows")]
    [InlineData("""{ "type": "expect_column_values_to_be_null", "kwargs": { "column": "a", "condition_parser": "pandas" } }""", "\"row_condition\" is a SQL condition")]
    [InlineData("""{ "type": "expect_column_max_to_be_between", "kwargs": { "column": "a", "max_value": { "$PARAMETER": "today" } } }""", "data_interval_end")]
    [InlineData("[]", "must be an object")]
    public void What_cannot_be_meant_is_said_with_file_line_and_what_is_allowed(string expectation, string message)
    {
        var (suite, problems) = SuiteParser.Parse($$"""
            { "name": "s",
              "expectations": [

                {{expectation}} ] }
            """, "s.json");

        suite.ShouldBeNull();
        var problem = problems.ShouldHaveSingleItem();
        problem.ToString().ShouldStartWith("s.json line 4: expectation 1: ");
        problem.Message.ShouldContain(message);
    }

    [Fact]
    public void All_problems_are_said_at_once()
    {
        var (_, problems) = SuiteParser.Parse("""{ "expectations": [ 1, { "type": "x" } ] }""", "s.json");

        problems.Count.ShouldBe(3);
    }

    [Fact]
    public void Broken_JSON_is_said_with_its_line()
    {
        var (_, problems) = SuiteParser.Parse("{\n \"name\": \"s\",\n \"expectations\": [ }\n", "s.json");

        problems.ShouldHaveSingleItem().Line.ShouldBe(3);
    }

    [Fact]
    public void A_parameter_of_the_run_takes_its_value()
    {
        var (suite, _) = SuiteParser.Parse(
            """
            { "name": "s", "expectations": [
              { "type": "expect_column_values_to_be_between",
                "kwargs": { "column": "at", "max_value": { "$PARAMETER": "data_interval_end" }, "row_condition": "at > {data_interval_start}" } } ] }
            """, "s.json");
        var (start, end) = (DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1));

        var kwargs = suite!.Resolve(SuiteParameters.Of(start, end, start)).Expectations[0].Kwargs;

        kwargs["max_value"]!.ToString().ShouldBe("1970-01-02 00:00:00.000000");
        kwargs["row_condition"]!.ToString().ShouldBe("at > timestamp '1970-01-01 00:00:00.000000'");
    }
}
