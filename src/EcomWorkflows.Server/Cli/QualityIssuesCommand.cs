using System.CommandLine;
using EcomWorkflows.Server.Api.Quality;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom quality issues RUN</c>: what was wrong with the data of a run and what became of it.</summary>
internal static class QualityIssuesCommand
{
    public static Command Create()
    {
        var run = RunsCommand.Run();
        var csv = new Option<bool>("--csv") { Description = "As CSV." };
        var command = new Command("issues", "Issues of a run's data and their resolution: quarantined, dropped, imputed, accepted, run stopped.") { run, csv };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var info = await RunsCommand.FindAsync(session, parsed.GetRequiredValue(run), cancellationToken);
            var issues = await session.Get<QualityIssues>().OfRunAsync(info.RunId, cancellationToken);
            if (parsed.GetValue(csv))
            {
                Console.Write(QualityIssues.Csv(issues));
                return ExitCode.Done;
            }
            CommandOutput.Write(
                parsed, issues,
                ("table", issue => issue.Table), ("issue", issue => issue.Code), ("severity", issue => issue.Severity), ("rows", issue => issue.Rows),
                ("resolution", issue => issue.Resolution), ("what", issue => issue.Statement));
            return ExitCode.Done;
        });
        return command;
    }
}
