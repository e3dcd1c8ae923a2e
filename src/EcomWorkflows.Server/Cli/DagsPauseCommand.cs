using System.CommandLine;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom dags pause DAG</c> and <c>ecom dags unpause DAG</c>.</summary>
internal static class DagsPauseCommand
{
    public static Command Create(string name, bool paused, string description)
    {
        var dagId = DagsCommand.DagId();
        var command = new Command(name, description) { dagId };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await DagsCommand.OpenAsync(cancellationToken);
            var id = parsed.GetRequiredValue(dagId);
            var moved = await session.Get<DagStore>().SetPausedAsync(id, paused, CommandSession.Actor, cancellationToken);
            await Console.Error.WriteLineAsync($"{id} {(moved ? "is now" : "was already")} {(paused ? "paused" : "active")}.");
            return ExitCode.Done;
        });
        return command;
    }
}
