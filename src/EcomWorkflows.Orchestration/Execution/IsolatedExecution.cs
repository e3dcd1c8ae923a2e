using System.Diagnostics;
using System.Text.Json;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Secrets;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>
/// Runs one attempt in a child process of its own session (and so process group): a crash, a leak or native code that does not listen takes down this
/// attempt and nothing else. The child dies with us: it ends itself when its standard input closes.
/// </summary>
internal sealed class IsolatedExecution(
    AttemptExecution local, AttemptReporter reporter, VariableStore variables, ConnectionStore connections, OrchestrationOptions options, TimeProvider time)
{
    public const string ResultFileVariable = "ECOM_ATTEMPT_RESULT";

    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(200);

    public async Task<AttemptOutcome> RunAsync(ClaimedAttempt claimed, DagTask task, CancellationToken cancellationToken)
    {
        var log = new AttemptLogger(reporter, claimed.AttemptId, "child", time);
        if (options.ChildCommand.Count == 0)
        {
            return AttemptOutcome.Failed(
                claimed.AttemptId, claimed.RunId, FailureCause.UserError,
                $"Task '{claimed.TaskId}' asks for its own process, but this program was not told how to start one (ChildCommand).", retryable: false);
        }
        var resultFile = Path.Combine(options.WorkRoot, $"result-{claimed.AttemptId}.json");
        Directory.CreateDirectory(options.WorkRoot);
        try
        {
            // The child opens secrets itself; its output passes through here and must be masked here.
            await variables.LearnAsync(cancellationToken);
            await connections.LearnAsync(cancellationToken);
            var processes = new AttemptProcesses(claimed.AttemptId, log, time);
            using var child = Start(claimed.AttemptId, resultFile, processes);
            var output = Task.WhenAll(
                ForwardAsync(child.StandardOutput, line => log.LogInformation("{Line}", line)),
                ForwardAsync(child.StandardError, line => log.LogWarning("{Line}", line)));
            var killed = await WatchAsync(child, task.Settings.MemoryLimitMegabytes, cancellationToken);
            // Whatever the child had started itself goes with it; its shell tasks have marks, and rules, of their own.
            await processes.KillAsync(child.Id, options.CancelGrace / 4);
            await output;
            return await JudgeAsync(claimed, child.ExitCode, killed, resultFile);
        }
        finally
        {
            File.Delete(resultFile);
            if (Directory.Exists(local.WorkFolder(claimed.AttemptId)))
                Directory.Delete(local.WorkFolder(claimed.AttemptId), recursive: true);
        }
    }

    private Process Start(long attemptId, string resultFile, AttemptProcesses processes)
    {
        var start = new ProcessStartInfo("setsid")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in options.ChildCommand)
            start.ArgumentList.Add(argument);
        start.ArgumentList.Add(attemptId.ToString());
        foreach (var (name, value) in options.ChildEnvironment)
            start.Environment[name] = value;
        start.Environment[ResultFileVariable] = resultFile;
        processes.Mark(start);
        return Process.Start(start) ?? throw new InvalidOperationException("setsid did not start.");
    }

    /// <summary>Waits for the child; ends its whole group when it must stop or has grown too large.</summary>
    /// <returns>Why it was killed, or null.</returns>
    private async Task<FailureCause?> WatchAsync(Process child, int? memoryLimitMegabytes, CancellationToken cancellationToken)
    {
        FailureCause? killed = null;
        long? killAt = null;
        var exited = child.WaitForExitAsync(CancellationToken.None);
        while (!exited.IsCompleted)
        {
            if (killed is null && memoryLimitMegabytes is { } limit && ProcessTable.ResidentBytes(child.Id) > limit * 1024L * 1024L)
            {
                killed = FailureCause.OutOfMemory;
                ProcessTable.SignalGroup(child.Id, ProcessTable.SigKill);
            }
            if (killed is null && cancellationToken.IsCancellationRequested)
            {
                killed = FailureCause.Cancelled;
                ProcessTable.SignalGroup(child.Id, ProcessTable.SigTerm);
                killAt = time.GetTimestamp() + (long)(options.CancelGrace.TotalSeconds * time.TimestampFrequency);
            }
            if (killAt is { } due && time.GetTimestamp() >= due)
                ProcessTable.SignalGroup(child.Id, ProcessTable.SigKill);
            // Not cancelled by the token: after the request to stop, the child is watched until it is gone.
            await Task.WhenAny(exited, Task.Delay(WatchInterval, time, CancellationToken.None));
        }
        await exited;
        return killed;
    }

    private static async Task<AttemptOutcome> JudgeAsync(ClaimedAttempt claimed, int exitCode, FailureCause? killed, string resultFile)
    {
        if (killed == FailureCause.OutOfMemory)
        {
            return AttemptOutcome.Failed(
                claimed.AttemptId, claimed.RunId, FailureCause.OutOfMemory, "The task's process grew above its memory limit (memoryLimitMegabytes) and was killed.");
        }
        if (File.Exists(resultFile))
        {
            await using var stream = File.OpenRead(resultFile);
            if (await JsonSerializer.DeserializeAsync<AttemptOutcome>(stream, TaskJson.Options) is { } outcome)
                return outcome with { AttemptId = claimed.AttemptId, RunId = claimed.RunId };
        }
        if (killed == FailureCause.Cancelled)
            return AttemptOutcome.Failed(claimed.AttemptId, claimed.RunId, FailureCause.Cancelled, "The attempt was told to stop.");
        return AttemptOutcome.Failed(
            claimed.AttemptId, claimed.RunId, FailureCause.WorkerLost, $"The task's process ended with {ProcessTable.HowEnded(exitCode)} and without a result; its last output is in the log.");
    }

    private static async Task ForwardAsync(StreamReader lines, Action<string> write)
    {
        while (await lines.ReadLineAsync() is { } line)
        {
            if (line.Length > 0)
                write(line);
        }
    }
}
