using System.Threading.Channels;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>Writes outcomes of attempts, all that have gathered while the last batch was written in one transaction.</summary>
internal sealed class Completer(CompletionStore completions, AttemptReporter reporter, TimeProvider time, ILogger<Completer> logger)
{
    private const int MaxBatch = 200;
    private static readonly TimeSpan RetryWait = TimeSpan.FromSeconds(1);

    private readonly Channel<(AttemptOutcome Outcome, TaskCompletionSource Written)> waiting = Channel.CreateUnbounded<(AttemptOutcome, TaskCompletionSource)>();

    /// <summary>Hands over an outcome; the task ends when it is durable (or refused, because the attempt was fenced).</summary>
    public Task WriteAsync(AttemptOutcome outcome)
    {
        // Continuations run at once: all attempts of a batch have given their slots back before the next claim counts them.
        var written = new TaskCompletionSource();
        waiting.Writer.TryWrite((outcome, written));
        return written.Task;
    }

    /// <summary>No more outcomes will come; <see cref="RunAsync"/> ends when those handed over are written.</summary>
    public void Close() => waiting.Writer.TryComplete();

    public async Task RunAsync(Func<string> actor, CancellationToken abandon)
    {
        var batch = new List<(AttemptOutcome Outcome, TaskCompletionSource Written)>();
        while (await waiting.Reader.WaitToReadAsync(abandon))
        {
            batch.Clear();
            while (batch.Count < MaxBatch && waiting.Reader.TryRead(out var next))
                batch.Add(next);
            await WriteAsync(batch, actor(), abandon);
        }
    }

    /// <summary>An outcome is not lost while the database is away: it is written when it is back, unless the attempt was given to another by then.</summary>
    private async Task WriteAsync(List<(AttemptOutcome Outcome, TaskCompletionSource Written)> batch, string actor, CancellationToken abandon)
    {
        while (true)
        {
            try
            {
                // First what the attempts logged, so that the log of an attempt that has ended is whole.
                await reporter.FlushAsync(abandon);
                foreach (var fenced in await completions.CompleteAsync([.. batch.Select(b => b.Outcome)], actor, abandon))
                    logger.LogWarning("The outcome of attempt {AttemptId} was refused: it is not the owner of its task any more", fenced);
                batch.ForEach(b => b.Written.SetResult());
                return;
            }
            catch (NpgsqlException failure) when (failure.IsTransient || failure is not PostgresException)
            {
                logger.LogWarning("Outcomes cannot be written now and wait: {Reason}", failure.Message);
                await Task.Delay(RetryWait, time, abandon);
            }
            catch (Exception failure) when (batch.Count > 1 && failure is not OperationCanceledException)
            {
                // One of them is the culprit: each for itself, so that the others are not held up.
                logger.LogError(failure, "A batch of {Count} outcomes was refused; they are written one by one", batch.Count);
                foreach (var single in batch)
                    await WriteAsync([single], actor, abandon);
                return;
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                logger.LogError(failure, "The outcome of attempt {AttemptId} cannot be stored", batch[0].Outcome.AttemptId);
                await WriteUnstorableAsync(batch[0].Outcome, failure, actor, abandon);
                batch[0].Written.SetResult();
                return;
            }
        }
    }

    /// <summary>An outcome the database refuses (for example outputs that are no JSON it can hold) ends the attempt all the same, saying so.</summary>
    private async Task WriteUnstorableAsync(AttemptOutcome outcome, Exception failure, string actor, CancellationToken abandon)
    {
        try
        {
            await completions.CompleteAsync(
                [AttemptOutcome.Failed(
                    outcome.AttemptId, outcome.RunId, FailureCause.UserError, $"The outcome ({outcome.State.ToWire()}) could not be stored: {failure.Message}", retryable: false)],
                actor, abandon);
        }
        catch (Exception again) when (again is not OperationCanceledException)
        {
            logger.LogCritical(again, "Attempt {AttemptId} cannot be ended; it is given back when this node stops", outcome.AttemptId);
        }
    }
}
