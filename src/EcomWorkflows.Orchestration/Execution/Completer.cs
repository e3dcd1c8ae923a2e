using System.Threading.Channels;
using EcomWorkflows.Orchestration.Outages;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>
/// Writes outcomes of attempts, all that have gathered while the last batch was written in one transaction, which also gives this node the next attempts.
/// </summary>
internal sealed class Completer(CompletionStore completions, AttemptReporter reporter, NodeSession session, Places places, OutageLog outages, TimeProvider time, ILogger<Completer> logger)
{
    private const int MaxBatch = 200;
    private const string Writing = "The writing of outcomes";
    private static readonly TimeSpan RetryWait = TimeSpan.FromSeconds(1);

    private readonly Channel<(AttemptOutcome Outcome, TaskCompletionSource Written)> waiting = Channel.CreateUnbounded<(AttemptOutcome, TaskCompletionSource)>();

    /// <summary>Hands over an outcome and the place of its attempt; the task ends when it is durable (or refused, because the attempt was fenced).</summary>
    public Task WriteAsync(AttemptOutcome outcome)
    {
        var written = new TaskCompletionSource();
        waiting.Writer.TryWrite((outcome, written));
        return written.Task;
    }

    /// <summary>No more outcomes will come; <see cref="RunAsync"/> ends when those handed over are written.</summary>
    public void Close() => waiting.Writer.TryComplete();

    /// <param name="begin">Starts an attempt the node has got.</param>
    /// <param name="lookAgain">Called when instances stay queued that this node may be able to start.</param>
    /// <param name="nodeStopping">From then on no further attempts are taken.</param>
    public async Task RunAsync(Action<ClaimedAttempt> begin, Action lookAgain, CancellationToken nodeStopping, CancellationToken abandon)
    {
        var batch = new List<(AttemptOutcome Outcome, TaskCompletionSource Written)>();
        while (await waiting.Reader.WaitToReadAsync(abandon))
        {
            batch.Clear();
            Gather(batch);
            // Many end at once. Those begun a moment ago may be ending too: with them the batch is twice as large and costs little more.
            for (var before = 1; batch.Count > before && batch.Count < MaxBatch;)
            {
                before = batch.Count;
                await Task.Yield();
                Gather(batch);
            }
            var free = places.TakeFree() + batch.Count;
            var started = 0;
            try
            {
                var next = await HandOverAsync([.. batch.Select(b => b.Outcome)], () => nodeStopping.IsCancellationRequested ? 0 : free, abandon);
                started = next.Started.Count;
                foreach (var attempt in next.Started)
                    begin(attempt);
                if (next.IsQueueLeft)
                    lookAgain();
            }
            finally
            {
                places.GiveBack(free - started);
            }
            batch.ForEach(b => b.Written.SetResult());
        }
    }

    private void Gather(List<(AttemptOutcome Outcome, TaskCompletionSource Written)> batch)
    {
        while (batch.Count < MaxBatch && waiting.Reader.TryRead(out var next))
            batch.Add(next);
    }

    /// <summary>An outcome is not lost while the database is away: it is written when it is back, unless the attempt was given to another by then.</summary>
    private async Task<HandOver> HandOverAsync(IReadOnlyList<AttemptOutcome> outcomes, Func<int> free, CancellationToken abandon)
    {
        while (true)
        {
            try
            {
                using var logs = await reporter.TakeAsync(abandon);
                var done = await completions.HandOverAsync(outcomes, logs.Rows, new NodeDemand(session.NodeId, free()), session.Actor, abandon);
                logs.Written();
                outages.Worked(Writing);
                WarnOfFenced(done.Refused);
                AttemptMetrics.Record(outcomes, done.Refused);
                return done;
            }
            catch (NpgsqlException failure) when (OrchestrationDatabase.IsPassing(failure))
            {
                await WaitAsync(failure, abandon);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // One of the outcomes, of the logs or of those that would start is the culprit: each for itself, so that the others are not held up.
                logger.LogError(failure, "A batch of {Count} outcomes was refused; they are written one by one", outcomes.Count);
                foreach (var outcome in outcomes)
                    await WriteAloneAsync(outcome, abandon);
                return new HandOver([], [], IsQueueLeft: true);
            }
        }
    }

    private async Task WriteAloneAsync(AttemptOutcome outcome, CancellationToken abandon)
    {
        while (true)
        {
            try
            {
                await reporter.FlushAsync(abandon);
                var refused = await completions.CompleteAsync([outcome], session.Actor, abandon);
                outages.Worked(Writing);
                WarnOfFenced(refused);
                AttemptMetrics.Record([outcome], refused);
                return;
            }
            catch (NpgsqlException failure) when (OrchestrationDatabase.IsPassing(failure))
            {
                await WaitAsync(failure, abandon);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                logger.LogError(failure, "The outcome of attempt {AttemptId} cannot be stored", outcome.AttemptId);
                await WriteUnstorableAsync(outcome, failure, abandon);
                return;
            }
        }
    }

    private Task WaitAsync(NpgsqlException failure, CancellationToken abandon)
    {
        outages.Failed(Writing, failure);
        return Task.Delay(RetryWait, time, abandon);
    }

    private void WarnOfFenced(IEnumerable<long> attemptIds)
    {
        foreach (var fenced in attemptIds)
            logger.LogWarning("The outcome of attempt {AttemptId} was refused: it is not the owner of its task any more", fenced);
    }

    /// <summary>An outcome the database refuses (for example outputs that are no JSON it can hold) ends the attempt all the same, saying so.</summary>
    private async Task WriteUnstorableAsync(AttemptOutcome outcome, Exception failure, CancellationToken abandon)
    {
        try
        {
            await completions.CompleteAsync(
                [AttemptOutcome.Failed(
                    outcome.AttemptId, outcome.RunId, FailureCause.UserError, $"The outcome ({outcome.State.ToWire()}) could not be stored: {failure.Message}", retryable: false)
                    with { Check = outcome.Check }],
                session.Actor, abandon);
        }
        catch (Exception again) when (again is not OperationCanceledException)
        {
            logger.LogCritical(again, "Attempt {AttemptId} cannot be ended; it is given back when this node stops", outcome.AttemptId);
        }
    }
}
