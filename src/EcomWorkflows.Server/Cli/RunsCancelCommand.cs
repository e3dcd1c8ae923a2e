using System.CommandLine;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom runs cancel RUN</c>.</summary>
internal static class RunsCancelCommand
{
    public static Command Create()
    {
        var run = RunsCommand.Run();
        var command = new Command("cancel", "Stop a run: its running tasks are told to stop and can no longer publish.") { run };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var info = await RunsCommand.FindAsync(session, parsed.GetRequiredValue(run), cancellationToken);
            var cancelled = await session.Get<RerunStore>().CancelAsync(info.RunId, CommandSession.Actor, cancellationToken);
            await Console.Error.WriteLineAsync(cancelled ? $"Run {info.RunId} is cancelled." : $"Run {info.RunId} had already ended: {info.State}.");
            return ExitCode.Done;
        });
        return command;
    }
}
