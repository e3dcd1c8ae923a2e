using System.Text.Json.Nodes;
using EcomWorkflows.Testing;
using Shouldly;

namespace EcomWorkflows.EndToEnd.Tests;

/// <summary>The figures come from the data's own description and from the pandas baseline, not from our program.</summary>
public sealed class When_real_files_go_through_the_dag
{
    [SharedDataFact("online-retail-part1.csv.gz")]
    public async Task Online_retail_gives_the_known_rows_reasons_customers_and_churn_metrics()
    {
        using var program = new EcomProgram();
        await RunAsync(program, "online-retail", "online-retail-part1.csv.gz");

        Number(await OutputsAsync(program, "ingest_events"), "rowsRead").ShouldBe(370_931);
        var validated = await OutputsAsync(program, "validate_events");
        Number(validated, "rowsKept").ShouldBe(270_039);
        var reasons = validated["quarantinedByReason"]!;
        Number(reasons, "missing_customer").ShouldBe(98_056);
        Number(reasons, "exact_duplicate").ShouldBe(2_848);
        Number(reasons, "negative_price").ShouldBe(2);
        Number(reasons, "zero_price").ShouldBe(1_957);

        var labels = await OutputsAsync(program, "build_training_set");
        labels["trainCutoff"]!.GetValue<DateTimeOffset>().ShouldBe(new DateTimeOffset(2011, 4, 2, 0, 0, 0, TimeSpan.Zero));
        labels["testCutoff"]!.GetValue<DateTimeOffset>().ShouldBe(new DateTimeOffset(2011, 7, 2, 0, 0, 0, TimeSpan.Zero));
        Number(labels, "trainRows").ShouldBe(2_150 + 1_725);
        Number(labels, "testRows").ShouldBe(2_965);
        (Number(labels, "testChurned") / 2_965.0).ShouldBe(0.499, 0.0006);

        var learners = (await OutputsAsync(program, "train_churn"))["learners"]!.AsArray()
            .ToDictionary(l => l!["learner"]!.GetValue<string>(), l => l!["rocAuc"]!.GetValue<double>());
        learners["logistic_regression"].ShouldBe(0.763, 0.02);
        learners["gradient_boosting"].ShouldBe(0.743, 0.02);
        (await PredictionsAsync(program)).ShouldBe((3_616L, 3_616L), "42 of the 3,658 customers have only returns and so were never active");
    }

    [SharedDataFact("retailrocket-sample-events-part1.csv.gz")]
    public async Task The_real_retailrocket_sample_goes_through_the_same_dag()
    {
        using var program = new EcomProgram();
        await RunAsync(program, "retailrocket", "retailrocket-sample-events-part1.csv.gz");

        Number(await OutputsAsync(program, "ingest_events"), "rowsRead").ShouldBe(7_686);
        Number((await OutputsAsync(program, "validate_events"))["quarantinedByReason"]!, "exact_duplicate").ShouldBe(3);
        (await PredictionsAsync(program)).ShouldBe((4_127L, 4_127L));
    }

    private static async Task RunAsync(EcomProgram program, string source, string file)
    {
        var (exitCode, output, errors) = await program.RunAsync("demo", "--exit", "--source", source, "--file", SharedData.Path(file));
        exitCode.ShouldBe(0, errors + output);
    }

    private static long Number(JsonNode outputs, string name) => outputs[name]!.GetValue<long>();

    private static async Task<JsonNode> OutputsAsync(EcomProgram program, string task)
    {
        var rows = await program.QueryAsync(
            $"select a.outputs::text as outputs from orchestration.task_instance t join orchestration.task_attempt a using (attempt_id) where t.task_id = '{task}'");
        return JsonNode.Parse(rows.ShouldHaveSingleItem()!["outputs"]!.GetValue<string>())!;
    }

    private static async Task<(long Rows, long Customers)> PredictionsAsync(EcomProgram program)
    {
        var row = (await program.QueryAsync("select count(*) as rows, count(distinct customer_id) as customers from gold.churn_predictions")).ShouldHaveSingleItem()!;
        return (Number(row, "rows"), Number(row, "customers"));
    }
}
