using System.CommandLine;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom backfill create DAG</c>.</summary>
internal static class BackfillCreateCommand
{
    public static Command Create()
    {
        var dag = DagsCommand.DagId();
        var from = LogicalDateOption.Create("--from", "First logical date: a day in the DAG's time zone such as 2026-11-01, or a time such as 2026-11-01T06:00Z.");
        var to = LogicalDateOption.Create("--to", "Last logical date, inclusive: a whole day, or a time.");
        from.Required = to.Required = true;
        var reprocess = new Option<string>("--reprocess") { Description = "What to do with dates that have a run: none, failed (run failed ones again) or completed (successful ones too).", DefaultValueFactory = _ => "none" };
        reprocess.AcceptOnlyFromAmong([.. StateNames.All<ReprocessBehavior>()]);
        var reverse = new Option<bool>("--reverse") { Description = "Newest date first." };
        var limit = new Option<int>("--max-active-runs") { Description = "Runs of it that may be active at once.", DefaultValueFactory = _ => BackfillRequest.DefaultMaxActiveRuns };
        var param = new Option<string[]>("--param", "-p") { Description = "NAME=VALUE for every run, as often as needed; a value that is JSON counts as JSON." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only show what would be done, date by date." };
        var command = new Command("create", "Make a backfill; its runs are carried out where a node is up (./ecom serve).") { dag, from, to, reprocess, reverse, limit, param, dryRun };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await DagsCommand.OpenAsync(cancellationToken);
            var (first, last) = await LogicalDateOption.ReadAsync(session, parsed.GetRequiredValue(dag), parsed.GetValue(from), parsed.GetValue(to), cancellationToken);
            var request = new BackfillRequest(
                parsed.GetRequiredValue(dag), first!.Value, last!.Value, DagsTriggerCommand.Params(parsed.GetValue(param) ?? []),
                StateNames.Parse<ReprocessBehavior>(parsed.GetRequiredValue(reprocess)), parsed.GetValue(reverse), parsed.GetValue(limit));
            if (parsed.GetValue(dryRun))
            {
                CommandOutput.Write(
                    parsed,
                    await session.Get<BackfillStore>().PlanAsync(request, cancellationToken),
                    ("logical date", date => date.Slot.Start),
                    ("interval end", date => date.Slot.End),
                    ("action", date => date.Action.ToWire()),
                    ("reason", date => date.Reason));
                return ExitCode.Done;
            }

            var id = await session.Get<BackfillStore>().CreateAsync(request, CommandSession.Actor, cancellationToken);
            var made = await session.Get<BackfillReader>().GetAsync(id, cancellationToken);
            CommandOutput.WriteOne(parsed, made, () => Console.WriteLine($"backfill {id}: {made.Waiting} of {made.Dates} dates to run, {made.Skipped} skipped (./ecom backfill show {id})"));
            if (made.IsDagPaused)
                await Console.Error.WriteLineAsync($"DAG {made.DagId} is paused, so its tasks wait: ./ecom dags unpause {made.DagId}");
            await NodeNotice.WriteAsync(session, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }
}
