using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace EcomWorkflows.EndToEnd.Tests;

public sealed class When_the_demo_runs
{
    [Fact]
    public async Task A_simulated_shop_goes_from_raw_files_to_scored_customers_twice_in_a_row()
    {
        using var program = new EcomProgram();

        var first = await SummaryAsync(program);
        Rows(first, "validate_events", "quarantined").ShouldBeGreaterThan(0);
        Rows(first, "validate_events", "in").ShouldBe(Rows(first, "validate_events", "quarantined") + Rows(first, "validate_events", "out"));
        Rows(first, "validate_events", "in").ShouldBeGreaterThanOrEqualTo(300_000);
        var customers = first["scoring"]!["customers"]!.GetValue<long>();
        customers.ShouldBeGreaterThanOrEqualTo(15_000);
        first["training"]!["learners"]!.AsArray().Count.ShouldBeGreaterThanOrEqualTo(2);
        first["datasets"]!.AsArray().ShouldAllBe(dataset => dataset!["is_new"]!.GetValue<bool>());
        foreach (var report in first["reports"]!.AsArray())
            File.Exists(report!["path"]!.GetValue<string>()).ShouldBeTrue(report.ToJsonString());
        Directory.Exists(first["model_folder"]!.GetValue<string>()).ShouldBeTrue();

        // The same shop again: nothing is published twice.
        var second = await SummaryAsync(program);
        // Only what the first run made after it had versioned its data is new to the second.
        second["datasets"]!.AsArray().Where(dataset => dataset!["is_new"]!.GetValue<bool>()).Select(dataset => dataset!["dataset"]!.GetValue<string>())
            .ShouldBe(["shop/retention_targets"]);
        var predictions = await program.QueryAsync("select count(*) as rows, count(distinct customer_id) as customers from gold.churn_predictions");
        predictions[0]!["rows"]!.GetValue<long>().ShouldBe(customers);
        predictions[0]!["customers"]!.GetValue<long>().ShouldBe(customers);
    }

    private static async Task<JsonObject> SummaryAsync(EcomProgram program)
    {
        var (exitCode, output, errors) = await program.RunAsync("demo", "--exit", "--output", "json");
        exitCode.ShouldBe(0, errors + output);
        return JsonNode.Parse(output)!.AsObject();
    }

    private static long Rows(JsonObject summary, string task, string which) =>
        summary["stages"]!.AsArray().First(stage => stage!["task"]!.GetValue<string>() == task)![which]!.GetValue<long>();
}
