using System.CommandLine;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom runs rerun RUN --failed</c>: clears tasks so that they, and what follows from them, run again.</summary>
internal static class RunsRerunCommand
{
    public static Command Create()
    {
        var run = RunsCommand.Run();
        var failed = new Option<bool>("--failed") { Description = "The failed tasks, and what could not run because of them." };
        var task = new Option<string[]>("--task", "-t") { Description = "This task, whatever its state; as often as needed." };
        var downstream = new Option<bool>("--downstream") { Description = "With --task: also everything after it." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would run again." };
        var command = new Command("rerun", "Run parts of a run again; finished stages that are not selected keep their results.") { run, failed, task, downstream, dryRun };
        command.Validators.Add(result =>
        {
            if (!result.GetValue(failed) && result.GetValue(task) is not { Length: > 0 })
                result.AddError("Say what to run again: --failed, or --task TASK.");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var info = await RunsCommand.FindAsync(session, parsed.GetRequiredValue(run), cancellationToken);
            var tasks = parsed.GetValue(task) is { Length: > 0 } given ? given : null;
            var selection = new ClearSelection(tasks, OnlyFailed: parsed.GetValue(failed), Downstream: parsed.GetValue(downstream));
            var preview = await session.Get<RerunStore>().ClearAsync(info.RunId, selection, parsed.GetValue(dryRun), CommandSession.Actor, cancellationToken);
            CommandOutput.WriteOne(parsed, preview, () => Describe(info, preview));
            if (!preview.IsDryRun && preview.Cleared.Count > 0)
                await NodeNotice.WriteAsync(session, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Describe(RunInfo run, ClearPreview preview)
    {
        if (preview.Cleared.Count == 0)
        {
            Console.WriteLine($"Run {run.RunId} has nothing to run again: its state is {run.State}.");
            return;
        }

        Console.WriteLine($"{(preview.IsDryRun ? "Would run" : "Runs")} again: {string.Join(", ", preview.Cleared)}");
        if (preview.Rederived.Count > 0)
            Console.WriteLine($"Decided anew after them: {string.Join(", ", preview.Rederived)}");
    }
}
