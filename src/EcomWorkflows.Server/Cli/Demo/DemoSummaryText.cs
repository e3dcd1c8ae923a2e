using EcomWorkflows.Pipeline.Scoring;
using EcomWorkflows.Pipeline.Training;

namespace EcomWorkflows.Server.Cli.Demo;

/// <summary>The summary as a person reads it.</summary>
internal static class DemoSummaryText
{
    public static void Write(DemoSummary summary)
    {
        Console.WriteLine($"Run {summary.RunId} of {summary.Dag}: {summary.State} after {CommandOutput.Show(summary.Took)}");
        Heading("Rows");
        CommandOutput.WriteTable(
            ["task", "in", "quarantined", "out"],
            summary.Stages.Select(stage => new object?[] { stage.Task, Count(stage.In), Count(stage.Quarantined), Count(stage.Out) }));
        if (summary.QuarantinedBecause.Count > 0)
            WriteReasons(summary);
        if (summary.Datasets.Count > 0)
            WriteDatasets(summary);
        if (summary.Training is { } training)
            WriteModel(training, summary.ModelFolder!);
        if (summary.Scoring is { } scoring)
            WritePredictions(scoring);
        Heading("Where to look");
        foreach (var report in summary.Reports)
            Console.WriteLine($"  {report.Task,-22} {report.Path}");
        Console.WriteLine($"  {"run page",-22} {summary.RunPage}");
        if (!summary.Succeeded)
            WriteFailures(summary);
    }

    private static void WriteReasons(DemoSummary summary)
    {
        Heading("Quarantined because (a row may have several reasons)");
        foreach (var task in summary.QuarantinedBecause.GroupBy(reason => reason.Task))
            Console.WriteLine($"  {task.Key,-22} {string.Join(", ", task.Select(reason => $"{reason.Reason} {Count(reason.Rows)}"))}");
    }

    private static void WriteDatasets(DemoSummary summary)
    {
        Heading($"Dataset versions (git tags in {summary.DatasetRepository})");
        CommandOutput.WriteTable(
            ["tag", "rows", "files", "what changed"],
            summary.Datasets.Select(dataset => new object?[] { dataset.Tag, Count(dataset.Rows), dataset.Files, dataset.IsNew ? dataset.ChangeNote : "the same as before" }));
    }

    private static void WriteModel(TrainingOutputs training, string folder)
    {
        Heading($"Model {training.Model} v{training.Version}: {training.Learner}, {Count(training.TestRows)} test customers, {training.TestPositiveShare:P1} of them churned");
        CommandOutput.WriteTable(
            ["learner", "ROC-AUC", "PR-AUC", "F1", "precision", "recall", "accuracy", "Brier", "lift at 10 %"],
            training.Learners.Select(learner => new object?[]
            {
                learner.Learner, $"{learner.RocAuc:0.0000}", $"{learner.PrAuc:0.0000}", $"{learner.F1:0.0000}", $"{learner.Precision:0.0000}",
                $"{learner.Recall:0.0000}", $"{learner.Accuracy:0.0000}", $"{learner.Brier:0.0000}", $"{learner.LiftAt10Percent:0.00}",
            }));
        Console.WriteLine($"  {training.Promotion}");
        Console.WriteLine($"  top drivers: {string.Join(", ", training.TopDrivers)}");
        Console.WriteLine($"  {folder}");
    }

    private static void WritePredictions(ScoreChurnOutputs scoring)
    {
        Heading($"Predictions by {scoring.Model} v{scoring.ModelVersion} as of {scoring.AsOf.UtcDateTime:yyyy-MM-dd}");
        Console.WriteLine($"  {Count(scoring.Customers)} customers scored, {Count(scoring.AtRisk)} at risk (probability at or above {scoring.Threshold:0.00}), in table {scoring.Table}");
        Console.WriteLine($"  ./ecom sql \"select * from {scoring.Table} where source = '{scoring.Source}' order by churn_probability desc limit 10\"");
    }

    private static void WriteFailures(DemoSummary summary)
    {
        Heading("What failed");
        if (summary.Message is not null)
            Console.WriteLine($"  {summary.Message}");
        foreach (var failure in summary.Failures)
            Console.WriteLine($"  {failure.Task} ({failure.Cause}): {failure.Message}");
        Console.WriteLine($"  ./ecom runs logs {summary.RunId}             what the tasks said");
        Console.WriteLine($"  ./ecom runs rerun {summary.RunId} --failed   after the cure");
    }

    private static void Heading(string text)
    {
        Console.WriteLine();
        Console.WriteLine(text);
    }

    private static string Count(long? rows) => rows is null ? "" : $"{rows:N0}";
}
