using System.CommandLine;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom pools delete NAME</c>.</summary>
internal static class PoolsDeleteCommand
{
    public static Command Create()
    {
        var name = PoolsCommand.Name();
        var command = new Command("delete", "Delete a pool; tasks that ask for it wait until it is there again.") { name };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            await session.Get<PoolStore>().DeleteAsync(parsed.GetRequiredValue(name), CommandSession.Actor, cancellationToken);
            await Console.Error.WriteLineAsync($"Pool {parsed.GetRequiredValue(name)} is deleted.");
            return ExitCode.Done;
        });
        return command;
    }
}
