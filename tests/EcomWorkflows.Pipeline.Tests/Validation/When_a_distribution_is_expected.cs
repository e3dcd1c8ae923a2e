using System.Text.Json.Nodes;
using EcomWorkflows.Pipeline.Validation.Results;
using EcomWorkflows.Pipeline.Validation.Suites;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Validation;

/// <summary>A thousand rows: 600 a and 400 b, and the numbers 0 to 999.</summary>
public sealed class When_a_distribution_is_expected : IDisposable
{
    private readonly TableUnderTest table = TableUnderTest.Of(
        "select i::double as amount, case when i < 600 then 'a' else 'b' end as kind, timestamp '2026-01-01' + i * interval 1 hour as made, 'f' as _file, i as _line from range(1000) as r(i)");

    // Shares 0.6 and 0.4 against 0.5 and 0.5: PSI 0.1 · ln 1.5.
    [Theory]
    [InlineData("expect_column_psi_to_be_less_than", 0.05, 0.04, 0.040547)]
    [InlineData("expect_column_kl_divergence_to_be_less_than", 0.021, 0.02, 0.020136)]
    [InlineData("expect_column_js_divergence_to_be_less_than", 0.0074, 0.007, 0.007299)]
    [InlineData("expect_column_l_infinity_distance_to_be_less_than", 0.11, 0.09, 0.1)]
    public void Stated_weights_are_compared_with_the_counts(string type, double above, double below, double distance)
    {
        const string weights = """ { "values": ["a", "b"], "weights": [0.5, 0.5] } """;

        Expect(type, $$"""{ "column": "kind", "threshold": {{above}}, "partition_object": {{weights}} }""").Success.ShouldBeTrue();
        var failed = Expect(type, $$"""{ "column": "kind", "threshold": {{below}}, "partition_object": {{weights}} }""");
        failed.Success.ShouldBeFalse();
        failed.ObservedNumber!.Value.ShouldBe(distance, 1e-4);
        failed.Details!["observed_partition"]!["weights"]!.ToJsonString().ShouldBe("[0.6,0.4,0]");
    }

    [Fact]
    public void A_threshold_below_what_chance_alone_gives_is_raised_to_it()
    {
        var result = Expect(
            "expect_column_psi_to_be_less_than",
            """{ "column": "kind", "threshold": 0.0001, "row_condition": "amount between 595 and 604", "partition_object": { "values": ["a", "b"], "weights": [0.4, 0.6] } }""");

        result.Success.ShouldBeTrue();
        // Ten rows in two bins (the third, for any other value, is empty on both sides): χ² with one degree of freedom exceeds 6.635 in 1 % of cases.
        result.Details!["threshold"]!.GetValue<double>().ShouldBe(0.6635, 1e-3);
    }

    [Fact]
    public void A_value_the_weights_do_not_know_is_a_bin_of_its_own()
    {
        var result = Expect("expect_column_psi_to_be_less_than", """{ "column": "kind", "partition_object": { "values": ["a"], "weights": [1.0] } }""");

        result.Success.ShouldBeFalse();
        result.Details!["observed_partition"]!["weights"]!.ToJsonString().ShouldBe("[0.6,0.4]");
    }

    [Theory]
    [InlineData("expect_column_ks_distance_to_be_less_than", "amount")]
    [InlineData("expect_column_psi_to_be_less_than", "amount")]
    [InlineData("expect_column_psi_to_be_less_than", "made")]
    [InlineData("expect_column_psi_to_be_less_than", "kind")]
    [InlineData("expect_column_chisquare_test_p_value_to_be_greater_than", "kind")]
    [InlineData("expect_column_bootstrapped_ks_test_p_value_to_be_greater_than", "amount")]
    public void Another_table_is_the_reference(string type, string column)
    {
        table.With("alike", "select i::double as amount, case when i % 5 < 3 then 'a' else 'b' end as kind, timestamp '2026-01-01' + i * interval 1 hour as made from range(1000) as r(i)");
        table.With("other", "select 300 + i / 2.0 as amount, case when i % 5 < 2 then 'a' else 'b' end as kind, timestamp '2026-02-01' + i * interval 1 hour as made from range(1000) as r(i)");

        Expect(type, $$"""{ "column": "{{column}}", "reference_table": "alike" }""").Success.ShouldBeTrue();
        var failed = Expect(type, $$"""{ "column": "{{column}}", "reference_table": "other" }""");
        failed.Exception.ShouldBeNull();
        failed.Success.ShouldBeFalse();
        failed.Details!["reference_rows"]!.GetValue<long>().ShouldBe(1000);
    }

    [Fact]
    public void Bins_of_equal_values_are_compared_at_their_edges()
    {
        var uniform = Expect("expect_column_bootstrapped_ks_test_p_value_to_be_greater_than",
            """{ "column": "amount", "partition_object": { "bins": [0, 249, 499, 749, 999], "weights": [0.25, 0.25, 0.25, 0.25] } }""");
        var skewed = Expect("expect_column_bootstrapped_ks_test_p_value_to_be_greater_than",
            """{ "column": "amount", "partition_object": { "bins": [0, 249, 499, 749, 999], "weights": [0.4, 0.2, 0.2, 0.2] } }""");

        (uniform.Success, skewed.Success).ShouldBe((true, false));
        skewed.Details!["effect"]!.GetValue<double>().ShouldBe(0.15, 0.002);
    }

    [Fact]
    public void Without_a_run_before_nothing_is_judged()
    {
        var result = Expect("expect_column_psi_to_be_less_than", """{ "column": "kind" }""");

        result.Success.ShouldBeTrue();
        result.Details!["note"]!.GetValue<string>().ShouldContain("no earlier run");
    }

    [Fact]
    public void A_column_without_values_is_not_distributed_like_anything() =>
        Expect("expect_column_psi_to_be_less_than", """{ "column": "kind", "row_condition": "false", "partition_object": { "values": ["a"], "weights": [1] } }""")
            .Details!["note"]!.GetValue<string>().ShouldBe("there is no value to compare");

    [Fact]
    public void Texts_have_no_order_to_cumulate_in() =>
        Expect("expect_column_ks_distance_to_be_less_than", """{ "column": "kind", "partition_object": { "values": ["a"], "weights": [1] } }""").Exception.ShouldNotBeNull().ShouldContain("no order");

    [Theory]
    [InlineData("""{ "column": "kind", "partition_object": { "weights": [1] } }""")]
    [InlineData("""{ "column": "kind", "partition_object": { "values": ["a", "b"], "weights": [0.5, 0.4] } }""")]
    [InlineData("""{ "column": "kind", "partition_object": { "bins": [1, 0], "weights": [1] } }""")]
    [InlineData("""{ "column": "kind", "partition_object": { "values": ["a"], "weights": [1] }, "reference_table": "x" }""")]
    [InlineData("""{ "column": "kind", "bins": 1 }""")]
    public void A_reference_that_cannot_be_meant_so_is_refused(string kwargs) =>
        SuiteParser.Parse($$"""{ "name": "t", "expectations": [ { "type": "expect_column_psi_to_be_less_than", "kwargs": {{kwargs}} } ] }""", "t.json").Problems.ShouldHaveSingleItem();

    public void Dispose() => table.Dispose();

    private ExpectationResult Expect(string type, string kwargs) => table.Expect(type, (JsonObject)JsonNode.Parse(kwargs)!);
}
