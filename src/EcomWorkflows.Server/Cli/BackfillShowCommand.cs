using System.CommandLine;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom backfill show</c>.</summary>
internal static class BackfillShowCommand
{
    public static Command Create()
    {
        var id = BackfillCommand.Id();
        var command = new Command("show", "One backfill: how far it is, and for each date what was done and why.") { id };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var reader = session.Get<BackfillReader>();
            var backfill = await reader.GetAsync(parsed.GetRequiredValue(id), cancellationToken);
            var dates = await reader.DatesAsync(backfill.BackfillId, cancellationToken);
            CommandOutput.WriteOne(parsed, new { Backfill = backfill, Dates = dates }, () => Write(backfill, dates));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(BackfillInfo backfill, IReadOnlyList<BackfillDateInfo> dates)
    {
        Console.WriteLine(
            $"backfill {backfill.BackfillId} of {backfill.DagId} is {backfill.State}: {backfill.Waiting} waiting, {backfill.Active} active, {backfill.Succeeded} succeeded, "
            + $"{backfill.Failed} failed, {backfill.Skipped} skipped, {backfill.Released} released");
        if (backfill.IsDagPaused && backfill.CompletedAt is null)
            Console.WriteLine($"its DAG is paused, so its tasks wait (./ecom dags unpause {backfill.DagId})");
        if (backfill.Remaining is { } left)
            Console.WriteLine($"time left: {CommandOutput.Show(left)} (at {CommandOutput.Show(TimeSpan.FromSeconds(backfill.MeanRunSeconds ?? 0))} a run, {backfill.MaxActiveRuns} at once)");
        CommandOutput.WriteTable(
            ["logical date", "action", "why", "state", "run", "run state"],
            dates.Select(d => new object?[] { d.LogicalDate, d.Action, d.Reason, d.State, d.RunKey, d.RunState }));
    }
}
