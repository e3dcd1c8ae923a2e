using System.CommandLine;
using System.Text.Json.Nodes;
using EcomWorkflows.Pipeline.Validation;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom quality show RESULT</c>: the findings for people, Great Expectations' validation result as JSON.</summary>
internal static class QualityShowCommand
{
    public static Command Create()
    {
        var result = new Argument<string>("result") { Description = "Number of the result, or latest." };
        var all = new Option<bool>("--all") { Description = "Also the expectations where nothing was found." };
        var command = new Command("show", "One validation result; with --output json as Great Expectations writes it.") { result, all };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var summary = await QualityCommand.FindAsync(session, parsed.GetRequiredValue(result), cancellationToken);
            var results = session.Get<QualityResults>();
            var expectations = await results.ExpectationsAsync(summary.ValidationResultId, cancellationToken);
            var anomalies = await results.AnomaliesAsync(summary.ValidationResultId, cancellationToken);
            var json = JsonNode.Parse(await results.ResultJsonAsync(summary.ValidationResultId, cancellationToken) ?? "null");
            CommandOutput.WriteOne(parsed, json, () => Write(summary, expectations, anomalies, parsed.GetValue(all)));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(QualitySummary summary, IReadOnlyList<QualityExpectation> expectations, IReadOnlyList<Anomaly> anomalies, bool all)
    {
        Console.WriteLine($"result {summary.ValidationResultId}  bronze.{summary.Source}.{summary.Entity}  {summary.DagId}/{summary.RunKey}  {summary.Outcome}");
        Console.WriteLine($"suite {summary.SuiteName}: {summary.SuccessfulExpectations} of {summary.EvaluatedExpectations} met; {summary.RowsRead} rows read, {summary.RowsQuarantined} quarantined, {summary.RowsKept} kept");
        Console.WriteLine($"report {summary.ReportPath}/index.html");
        CommandOutput.WriteTable(
            ["expectation", "severity", "met", "failing rows", "observed", "resolution", "expected"],
            expectations.Where(e => all || !e.Success || e.UnexpectedCount > 0).Select(e => new object?[]
            {
                e.Code, e.Severity, e.Success, e.UnexpectedCount, e.ObservedValue, e.Resolution, e.ExceptionMessage is null ? e.Statement : $"not checked: {e.ExceptionMessage}",
            }));
        var unusual = anomalies.Where(figure => figure.IsAnomaly).ToList();
        Console.WriteLine(anomalies.Count == 0 ? "not compared with earlier runs: there are too few" : $"{unusual.Count} of {anomalies.Count} figures are unusual beside the runs before");
        if (unusual.Count > 0)
        {
            CommandOutput.WriteTable(
                ["figure", "now", "usual", "low", "high", "runs"],
                unusual.Select(figure => new object?[] { figure.Metric, $"{figure.Value:G6}", $"{figure.Median:G6}", $"{figure.Low:G6}", $"{figure.High:G6}", figure.Runs }));
        }
    }
}
