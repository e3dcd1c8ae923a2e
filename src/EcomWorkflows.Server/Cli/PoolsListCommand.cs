using System.CommandLine;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom pools list</c>.</summary>
internal static class PoolsListCommand
{
    public static Command Create()
    {
        var command = new Command("list", "Pools, what they have and who uses it.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var pools = session.Get<PoolStore>();
            CommandOutput.Write(
                parsed,
                await pools.ListAsync(cancellationToken),
                ("pool", pool => pool.Name),
                ("slots", pool => pool.Slots),
                ("running", pool => pool.RunningSlots),
                ("open", pool => pool.OpenSlots),
                ("queued", pool => pool.QueuedSlots),
                ("description", pool => pool.Description));
            foreach (var warning in await pools.WarningsAsync(null, cancellationToken))
                await Console.Error.WriteLineAsync($"{warning.DagId}: {warning.Message}");
            return ExitCode.Done;
        });
        return command;
    }
}
