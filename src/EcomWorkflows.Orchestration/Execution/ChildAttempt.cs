using System.Runtime.InteropServices;
using System.Text.Json;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using Microsoft.Extensions.DependencyInjection;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>The child's side of an isolated attempt: runs it and leaves the outcome in the file its parent named.</summary>
public static class ChildAttempt
{
    /// <summary>Runs the attempt to its end.</summary>
    /// <returns>The exit code: 0 done, 1 the attempt failed; either way the outcome was written.</returns>
    /// <exception cref="InvalidOperationException">Not started by a node: the result file is not named.</exception>
    public static async Task<int> RunAsync(IServiceProvider services, long attemptId, CancellationToken cancellationToken)
    {
        var resultFile = Environment.GetEnvironmentVariable(IsolatedExecution.ResultFileVariable)
            ?? throw new InvalidOperationException($"{IsolatedExecution.ResultFileVariable} is not set: this command is for the node, not for people.");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            stop.Cancel();
        });
        EndWithParent();
        var reporter = services.GetRequiredService<AttemptReporter>();
        reporter.Start();
        var claimed = await services.GetRequiredService<AttemptStore>().GetRunningAsync(attemptId, stop.Token);
        var graph = await services.GetRequiredService<DagStore>().GraphAsync(claimed.DagId, claimed.DagVersion, stop.Token);
        var outcome = await services.GetRequiredService<AttemptExecution>().RunAsync(claimed, graph.Task(claimed.TaskId), stop.Token);
        await reporter.FlushAsync(CancellationToken.None);
        // Written beside and renamed: the parent sees all of it or nothing.
        var unfinished = resultFile + ".part";
        await File.WriteAllTextAsync(unfinished, JsonSerializer.Serialize(outcome, TaskJson.Options), CancellationToken.None);
        File.Move(unfinished, resultFile, overwrite: true);
        return outcome.State == TaskState.Failed ? 1 : 0;
    }

    /// <summary>The parent holds the other end of standard input; when it is gone, even by SIGKILL, the read ends and so do we.</summary>
    private static void EndWithParent()
    {
        var watcher = new Thread(() =>
        {
            using var input = Console.OpenStandardInput();
            while (input.ReadByte() >= 0)
            {
            }
            Environment.Exit(143);
        })
        {
            IsBackground = true,
            Name = "parent watch",
        };
        watcher.Start();
    }
}
