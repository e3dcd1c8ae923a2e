using EcomWorkflows.Orchestration.Execution;
using EcomWorkflows.Orchestration.Outages;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Orchestration.Callbacks;

/// <summary>
/// Sends what is in the outbox. A callback that was taken is not sent again; one whose sender dies between sending and noting it is sent once more, with the same
/// idempotency key.
/// </summary>
internal sealed class CallbackSender(
    OutboxStore outbox, IEnumerable<ICallbackChannel> channels, SecretMasker masker, OrchestrationOptions options, OutageLog outages, TimeProvider time,
    ILogger<CallbackSender> logger)
    : BackgroundService
{
    /// <summary>Callbacks that are on their way at the same time.</summary>
    private const int Most = 100;

    private const string Claiming = "The sending of callbacks";

    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>Wait after the given try: doubling, an hour at most.</summary>
    internal static TimeSpan WaitAfter(int tries, TimeSpan first) =>
        TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, first.TotalSeconds * Math.Pow(2, Math.Clamp(tries - 1, 0, 30))));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // None waits for another: a receiver that does not answer must not keep the others from being told.
        var sending = new List<Task>();
        while (!stoppingToken.IsCancellationRequested)
        {
            var claimed = await ClaimAsync(Most - sending.Count, stoppingToken);
            sending.AddRange(claimed.Select(callback => SendAsync(callback, stoppingToken)));
            if (sending.Count == Most)
                await Task.WhenAny(sending);
            else if (claimed.Count == 0)
                await Task.Delay(options.PollInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            sending.RemoveAll(sent => sent.IsCompleted);
        }
        await Task.WhenAll(sending);
    }

    private async Task<IReadOnlyList<CallbackInfo>> ClaimAsync(int limit, CancellationToken stoppingToken)
    {
        try
        {
            var claimed = await outbox.ClaimAsync(limit, Lease, stoppingToken);
            outages.Worked(Claiming);
            return claimed;
        }
        catch (Exception failure)
        {
            if (!stoppingToken.IsCancellationRequested)
                outages.Failed(Claiming, failure);
            return [];
        }
    }

    private async Task SendAsync(CallbackInfo callback, CancellationToken stoppingToken)
    {
        try
        {
            await NoteAsync(callback, await TryAsync(callback, stoppingToken));
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            // Another sender has it when its lease is over.
        }
        catch (Exception failure)
        {
            logger.LogWarning("What came of callback {CallbackId} cannot be noted; it is sent once more: {Reason}", callback.CallbackId, failure.Message);
        }
    }

    /// <returns>Why it was not taken; null where it was.</returns>
    private async Task<string?> TryAsync(CallbackInfo callback, CancellationToken stoppingToken)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            limit.CancelAfter(SendLimit);
            await channels.Single(c => c.Name == callback.Channel).SendAsync(callback, limit.Token);
            return null;
        }
        catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
        {
            return masker.Apply(failure is OperationCanceledException ? "no answer in time" : failure.Message)!;
        }
    }

    private Task NoteAsync(CallbackInfo callback, string? error) =>
        error is null ? outbox.DeliveredAsync(callback, CancellationToken.None) : FailedAsync(callback, error);

    private async Task FailedAsync(CallbackInfo callback, string error)
    {
        if (callback.Tries >= options.CallbackTries)
        {
            logger.LogError("Callback {CallbackId} ({Event} of {DagId}) is given up after {Tries} tries: {Reason}", callback.CallbackId, callback.Event, callback.DagId, callback.Tries, error);
            await outbox.BuryAsync(callback, error, CancellationToken.None);
            return;
        }
        logger.LogWarning("Callback {CallbackId} ({Event} of {DagId}) was not taken and is sent again: {Reason}", callback.CallbackId, callback.Event, callback.DagId, error);
        await outbox.PostponeAsync(callback, WaitAfter(callback.Tries, options.CallbackRetryDelay), error, CancellationToken.None);
    }
}
