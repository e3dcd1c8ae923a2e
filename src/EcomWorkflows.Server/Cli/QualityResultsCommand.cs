using System.CommandLine;
using EcomWorkflows.Pipeline.Validation;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom quality results</c>.</summary>
internal static class QualityResultsCommand
{
    private const int DefaultLimit = 20;

    public static Command Create()
    {
        var run = new Option<string?>("--run") { Description = "Only results of this run: its number, DAG/NAME, or latest." };
        var source = new Option<string?>("--source") { Description = "Only results of this source." };
        var entity = new Option<string?>("--entity") { Description = "Only results of this entity." };
        var limit = new Option<int>("--limit", "-n") { Description = "At most so many.", DefaultValueFactory = _ => DefaultLimit };
        var command = new Command("results", "Validation results, newest first.") { run, source, entity, limit };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            long? runId = parsed.GetValue(run) is { } word ? (await RunsCommand.FindAsync(session, word, cancellationToken)).RunId : null;
            var from = parsed.GetValue(source) is { } named ? QualityCommand.TableSource(named) : null;
            CommandOutput.Write(
                parsed,
                await session.Get<QualityResults>().ListAsync(new QualityFilter(runId, from, parsed.GetValue(entity), parsed.GetValue(limit)), cancellationToken),
                ("result", result => result.ValidationResultId),
                ("run", result => $"{result.DagId}/{result.RunKey}"),
                ("table", result => $"bronze.{result.Source}.{result.Entity}"),
                ("outcome", result => result.Outcome),
                ("met", result => $"{result.SuccessfulExpectations} of {result.EvaluatedExpectations}"),
                ("rows", result => result.RowsRead),
                ("quarantined", result => result.RowsQuarantined),
                ("validated", result => result.ValidatedAt),
                ("report", result => $"{result.ReportPath}/index.html"));
            return ExitCode.Done;
        });
        return command;
    }
}
