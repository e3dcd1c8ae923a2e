using System.CommandLine;
using EcomWorkflows.Pipeline.Validation;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom quality history SOURCE ENTITY</c>: each run of a table, and of one expectation where it is named.</summary>
internal static class QualityHistoryCommand
{
    public static Command Create()
    {
        var (source, entity) = (QualityCommand.Source(), QualityCommand.Entity());
        var code = new Option<string?>("--code") { Description = "An expectation's reason code: its figures over the runs." };
        var limit = new Option<int>("--limit", "-n") { Description = "At most so many runs.", DefaultValueFactory = _ => QualityHistory.ComparedRuns };
        var command = new Command("history", "What the last runs found in a table, newest first.") { source, entity, code, limit };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var table = await QualityCommand.TableAsync(session, parsed.GetRequiredValue(source), parsed.GetRequiredValue(entity), cancellationToken);
            var history = await session.Get<QualityHistoryReader>().ReadAsync(table.Source, table.Name, cancellationToken, runs: parsed.GetValue(limit));
            if (parsed.GetValue(code) is { } named)
            {
                CommandOutput.Write(
                    parsed, history.Of(named),
                    ("run", one => one.Run.RunKey), ("validated", one => one.Run.ValidatedAt), ("met", one => one.Found.Success), ("failing rows", one => one.Found.UnexpectedCount),
                    ("share", one => one.Found.UnexpectedShare?.ToString("P3")), ("observed", one => one.Found.Observed));
                return ExitCode.Done;
            }
            CommandOutput.Write(
                parsed, history.Runs,
                ("result", run => run.ValidationResultId), ("run", run => run.RunKey), ("validated", run => run.ValidatedAt), ("outcome", run => run.Outcome),
                ("rows", run => run.RowsRead), ("refused", run => run.RowsRefused), ("quarantined", run => run.RowsQuarantined),
                ("not met", run => run.Expectations.Count(e => !e.Value.Success)));
            return ExitCode.Done;
        });
        return command;
    }
}
