using System.CommandLine;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Scheduling;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom quality replay SOURCE ENTITY</c>: a run of the DAG quality-replay.</summary>
internal static class QualityReplayCommand
{
    private const string Dag = "quality-replay";

    public static Command Create()
    {
        var (source, entity) = (QualityCommand.Source(), QualityCommand.Entity());
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say how many rows would be let in; nothing is changed." };
        var command = new Command("replay", "Check quarantined rows again after a rule or mapping was corrected, and let in those that are good now; carried out where a node is up.") { source, entity, dryRun };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await DagsCommand.OpenAsync(cancellationToken);
            // The run would find out no sooner than a node takes it.
            SourcesCommand.Mapping(parsed.GetRequiredValue(source));
            await QualityCommand.TableAsync(session, parsed.GetRequiredValue(source), parsed.GetRequiredValue(entity), cancellationToken);
            var given = new JsonObject { ["source"] = parsed.GetRequiredValue(source), ["entity"] = parsed.GetRequiredValue(entity), ["dry_run"] = parsed.GetValue(dryRun) };
            var run = await session.Get<ManualRuns>().TriggerAsync(Dag, given, null, CommandSession.Actor, cancellationToken, note: null);
            CommandOutput.WriteOne(parsed, run, () => Console.WriteLine($"run {run.RunId} ({run.RunKey}) is queued; ./ecom runs show {run.RunId} tells what {(parsed.GetValue(dryRun) ? "would be" : "was")} let in"));
            await NodeNotice.WriteAsync(session, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }
}
