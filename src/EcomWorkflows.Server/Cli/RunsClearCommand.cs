using System.CommandLine;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom runs clear RUN</c>: runs tasks again, in one run or in many.</summary>
internal static class RunsClearCommand
{
    public static Command Create()
    {
        var options = new RerunOptions();
        var all = new Option<bool>("--all") { Description = "Whatever their state. Default without --task: only failed and upstream_failed ones." };
        var onlyFailed = new Option<bool>("--only-failed") { Description = "With --task: only those of them that failed." };
        var latest = new Option<bool>("--latest-version") { Description = "Bring the runs to the DAG's current version. Default: each keeps its own." };
        var command = new Command("clear", "Run tasks again. --dry-run shows the tasks, the data that will be replaced, and the DAGs that follow.") { all, onlyFailed, latest };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var failed = options.NamesTasks(parsed) ? parsed.GetValue(onlyFailed) : !parsed.GetValue(all);
            var request = await options.ReadAsync(parsed, session, failed, cancellationToken) with { LatestVersion = parsed.GetValue(latest) };
            var report = await session.Get<RerunStore>().ClearAsync(request, parsed.GetValue(options.DryRun), CommandSession.Actor, cancellationToken);
            CommandOutput.WriteOne(parsed, report, () => RerunText.Write(report, "cleared"));
            if (!report.IsDryRun && report.Runs.Count > 0)
                await NodeNotice.WriteAsync(session, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }
}
