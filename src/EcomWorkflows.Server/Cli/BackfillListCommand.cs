using System.CommandLine;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom backfill list</c>.</summary>
internal static class BackfillListCommand
{
    private const int DefaultLimit = 20;

    public static Command Create()
    {
        var dag = new Option<string?>("--dag") { Description = "Only those of this DAG." };
        var limit = new Option<int>("--limit", "-n") { Description = "At most so many.", DefaultValueFactory = _ => DefaultLimit };
        var command = new Command("list", "Backfills, newest first.") { dag, limit };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var (backfills, _) = await session.Get<BackfillReader>().ListAsync(parsed.GetValue(dag), false, parsed.GetValue(limit), 0, cancellationToken);
            CommandOutput.Write(
                parsed,
                backfills,
                ("backfill", one => one.BackfillId),
                ("dag", one => one.DagId),
                ("from", one => one.FromDate),
                ("to", one => one.ToDate),
                ("state", one => one.State),
                ("dates", one => one.Dates),
                ("waiting", one => one.Waiting),
                ("active", one => one.Active),
                ("success", one => one.Succeeded),
                ("failed", one => one.Failed),
                ("skipped", one => one.Skipped),
                ("time left", BackfillCommand.Eta));
            return ExitCode.Done;
        });
        return command;
    }
}
