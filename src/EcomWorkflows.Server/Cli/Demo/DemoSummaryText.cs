using System.Text.Json.Nodes;

namespace EcomWorkflows.Server.Cli.Demo;

/// <summary>The summary as a person reads it.</summary>
internal static class DemoSummaryText
{
    public static void Write(DemoSummary summary)
    {
        Console.WriteLine($"Run {summary.RunId} of {summary.Dag}: {summary.State} after {CommandOutput.Show(summary.Took)}");
        Console.WriteLine();
        CommandOutput.WriteTable(
            ["task", "rows in", "quarantined", "rows out"],
            summary.Stages.Select(stage => new object?[] { stage.Task, Count(stage.In), Count(stage.Quarantined), Count(stage.Out) }));
        foreach (var failure in summary.Failures)
            Console.WriteLine($"{failure.Task} failed ({failure.Cause}): {failure.Message}");
        WriteDetails("dataset versions", summary.Datasets);
        WriteDetails("training", summary.Training);
        WriteDetails("scoring", summary.Scoring);
        foreach (var report in summary.Reports)
            Console.WriteLine($"report       {report}");
        Console.WriteLine($"run page     {summary.RunPage}");
        Console.WriteLine(summary.Succeeded
            ? "predictions  ./ecom sql 'select * from gold.churn_predictions order by churn_probability desc limit 10'"
            : $"logs         ./ecom runs logs {summary.RunId}   then, after the cure: ./ecom runs rerun {summary.RunId} --failed");
    }

    private static string Count(long? rows) => rows is null ? "" : $"{rows:N0}";

    private static void WriteDetails(string title, JsonNode? outputs)
    {
        if (outputs is not JsonObject members)
            return;

        Console.WriteLine($"{title}:");
        foreach (var (name, value) in members)
            Console.WriteLine($"  {name,-24} {value?.ToJsonString()}");
    }
}
