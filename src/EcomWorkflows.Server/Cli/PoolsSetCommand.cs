using System.CommandLine;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom pools set NAME SLOTS</c>.</summary>
internal static class PoolsSetCommand
{
    public static Command Create()
    {
        var name = PoolsCommand.Name();
        var slots = new Argument<int>("slots") { Description = "How many slots it has; 0 lets nothing of it start." };
        var description = new Option<string?>("--description") { Description = "What it is for." };
        var command = new Command("set", "Make a pool, or change the one of that name.") { name, slots, description };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var pools = session.Get<PoolStore>();
            var made = await pools.SetAsync(
                parsed.GetRequiredValue(name), parsed.GetRequiredValue(slots), parsed.GetValue(description), CommandSession.Actor, cancellationToken);
            var pool = await pools.GetAsync(parsed.GetRequiredValue(name), cancellationToken);
            CommandOutput.WriteOne(parsed, pool, () => Console.WriteLine($"Pool {pool.Name} {(made ? "is new and" : "now")} has {pool.Slots} slots, {pool.RunningSlots} of them in use."));
            return ExitCode.Done;
        });
        return command;
    }
}
