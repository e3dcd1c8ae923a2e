using System.CommandLine;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom backfill</c>: runs of a DAG for past dates.</summary>
internal static class BackfillCommand
{
    public static Command Create() => new("backfill", "Run a DAG for a range of past dates; look at, pause, resume and cancel such a backfill.")
    {
        BackfillCreateCommand.Create(),
        BackfillListCommand.Create(),
        BackfillShowCommand.Create(),
        Change("pause", "Start no further dates; runs under way go on.", (store, id, token) => store.SetPausedAsync(id, true, CommandSession.Actor, token)),
        Change("resume", "Go on with its dates.", (store, id, token) => store.SetPausedAsync(id, false, CommandSession.Actor, token)),
        Change("cancel", "Release the dates that have not started; runs under way go on.", (store, id, token) => store.CancelAsync(id, CommandSession.Actor, token)),
    };

    public static Argument<long> Id() => new("backfill") { Description = "Number of the backfill, as in ./ecom backfill list." };

    public static string Eta(BackfillInfo backfill) => backfill.Remaining is { } left ? CommandOutput.Show(left) : "";

    private static Command Change(string verb, string description, Func<BackfillStore, long, CancellationToken, Task> change)
    {
        var id = Id();
        var command = new Command(verb, description) { id };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            await change(session.Get<BackfillStore>(), parsed.GetRequiredValue(id), cancellationToken);
            var backfill = await session.Get<BackfillReader>().GetAsync(parsed.GetRequiredValue(id), cancellationToken);
            CommandOutput.WriteOne(parsed, backfill, () => Console.WriteLine($"backfill {backfill.BackfillId} is {backfill.State}"));
            return ExitCode.Done;
        });
        return command;
    }
}
