using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>Takes one claimed attempt from start to outcome: where it runs, its time limit, what a stop means.</summary>
internal sealed class AttemptRunner(
    DagStore dags, AttemptExecution inProcess, IsolatedExecution isolated, RunningAttempts running, OrchestrationOptions options,
    TimeProvider time, ILogger<AttemptRunner> logger)
{
    /// <param name="nodeStopping">Fires when the node shuts down: the attempt is then the infrastructure's loss, not the task's.</param>
    public async Task<AttemptOutcome> RunAsync(ClaimedAttempt claimed, CancellationToken nodeStopping)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(nodeStopping);
        running.Add(claimed.AttemptId, stop);
        try
        {
            var task = (await dags.GraphAsync(claimed.DagId, claimed.DagVersion, nodeStopping)).Task(claimed.TaskId);
            using var timeout = task.Settings.Timeout is { } limit ? new CancellationTokenSource(limit, time) : null;
            await using var stopWhenOver = timeout?.Token.Register(stop.Cancel) ?? default;
            var outcome = await RunWithGraceAsync(claimed, task, stop.Token);
            return Judge(claimed, task, outcome, timeout is { IsCancellationRequested: true }, nodeStopping.IsCancellationRequested) with { Check = claimed.Check };
        }
        catch (Exception failure)
        {
            logger.LogError(failure, "Attempt {AttemptId} could not be carried out", claimed.AttemptId);
            return AttemptOutcome.Failed(
                claimed.AttemptId, claimed.RunId, FailureCause.WorkerLost, $"The node could not carry out the attempt: {failure.Message}", exception: failure.ToString())
                with { Check = claimed.Check };
        }
        finally
        {
            running.Remove(claimed.AttemptId);
        }
    }

    private async Task<AttemptOutcome> RunWithGraceAsync(ClaimedAttempt claimed, DagTask task, CancellationToken stop)
    {
        // Whoever begins attempts has others to begin: nothing of the task runs on its thread.
        if (task.Settings.Isolation == TaskIsolation.Process)
            return await Task.Run(() => isolated.RunAsync(claimed, task, stop), CancellationToken.None);
        var work = Task.Run(() => inProcess.RunAsync(claimed, task, stop), CancellationToken.None);
        await ((Task)work).WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (work.IsCompleted)
            return await work;
        if (await Task.WhenAny(work, Task.Delay(options.CancelGrace, time, CancellationToken.None)) == work)
            return await work;
        logger.LogWarning(
            "Attempt {AttemptId} of {TaskId} does not listen to its cancellation; it is abandoned and cannot publish any more", claimed.AttemptId, claimed.TaskId);
        return AttemptOutcome.Failed(
            claimed.AttemptId, claimed.RunId, FailureCause.Cancelled, "The attempt was told to stop, did not, and was abandoned; what it does now is refused.");
    }

    private static AttemptOutcome Judge(ClaimedAttempt claimed, DagTask task, AttemptOutcome outcome, bool timedOut, bool nodeStopping) => outcome switch
    {
        { Cause: FailureCause.Cancelled } when timedOut => AttemptOutcome.Failed(
            claimed.AttemptId, claimed.RunId, FailureCause.Timeout, $"The attempt took longer than its limit of {task.Settings.Timeout}.", exception: outcome.Exception),
        { Cause: FailureCause.Cancelled } when nodeStopping => AttemptOutcome.Failed(
            claimed.AttemptId, claimed.RunId, FailureCause.WorkerLost, "The program was stopped while the attempt ran."),
        _ => outcome,
    };
}
