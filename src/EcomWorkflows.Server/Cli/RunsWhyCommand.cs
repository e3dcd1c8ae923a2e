using System.CommandLine;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom runs why RUN [TASK]</c>: what a run and its tasks wait for.</summary>
internal static class RunsWhyCommand
{
    public static Command Create()
    {
        var run = RunsCommand.Run();
        var task = new Argument<string?>("task") { Description = "Only this task.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("why", "Why a run, or a task of it, is not running.") { run, task };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var info = await RunsCommand.FindAsync(session, parsed.GetRequiredValue(run), cancellationToken);
            var wait = await session.Get<WaitReader>().OfRunAsync(info.RunId, cancellationToken);
            if (parsed.GetValue(task) is { } taskId)
            {
                var known = (await session.Get<RunReader>().TaskInstancesAsync(info.RunId, cancellationToken)).Select(i => i.TaskId).Distinct().ToList();
                if (!known.Contains(taskId))
                    throw new NotFoundException($"Run {info.RunId} has no task '{taskId}'; its tasks are: {string.Join(", ", known)}.");
                wait = wait with { Instances = [.. wait.Instances.Where(i => i.TaskId == taskId)] };
            }
            CommandOutput.WriteOne(parsed, wait, () => Write(info, wait));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(RunInfo run, RunWait wait)
    {
        foreach (var reason in wait.Reasons)
            Console.WriteLine(reason.Message);
        if (wait.Instances.Count > 0)
        {
            CommandOutput.WriteTable(
                ["task", "index", "state", "waits for"],
                wait.Instances.SelectMany(i => i.Reasons.Select(r => new object?[] { i.TaskId, i.MapIndex < 0 ? null : i.MapIndex, i.State, r.Message })));
        }
        else if (wait.Reasons.Count == 0)
        {
            Console.WriteLine($"Nothing is waiting: run {run.RunId} is {run.State}.");
        }
    }
}
