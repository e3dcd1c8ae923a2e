using System.CommandLine;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom runs show RUN</c>.</summary>
internal static class RunsShowCommand
{
    public static Command Create()
    {
        var run = RunsCommand.Run();
        var command = new Command("show", "One run with its tasks.") { run };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var info = await RunsCommand.FindAsync(session, parsed.GetRequiredValue(run), cancellationToken);
            var tasks = InstanceName.Ordered(await session.Get<RunReader>().TaskInstancesAsync(info.RunId, cancellationToken), task => new InstanceKey(task.TaskId, task.MapIndex)).ToList();
            CommandOutput.WriteOne(parsed, new { Run = info, Tasks = tasks }, () =>
            {
                Console.WriteLine($"run {info.RunId}  {info.DagId}/{info.RunKey}  version {info.DagVersion}  {info.State}");
                Console.WriteLine($"interval {CommandOutput.Show(info.DataIntervalStart)} to {CommandOutput.Show(info.DataIntervalEnd)}  params {info.Params}");
                if (info.Message is not null)
                    Console.WriteLine(info.Message);
                CommandOutput.WriteTable(
                    ["task", "state", "try", "took", "cause", "message"],
                    tasks.Select(task => new object?[]
                    {
                        InstanceName.Of(task.TaskId, task.MapIndex), task.State, task.TryNumber, task.EndedAt - task.StartedAt, task.Cause, task.Message ?? task.ProgressMessage,
                    }));
            });
            return ExitCode.Done;
        });
        return command;
    }
}
