using EcomWorkflows.Orchestration.Execution;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Orchestration.Callbacks;

/// <summary>
/// Sends what is in the outbox. A callback that was taken is not sent again; one whose sender dies between sending and noting it is sent once more, with the same
/// idempotency key.
/// </summary>
internal sealed class CallbackSender(
    OutboxStore outbox, IEnumerable<ICallbackChannel> channels, SecretMasker masker, OrchestrationOptions options, TimeProvider time, ILogger<CallbackSender> logger)
    : BackgroundService
{
    private const int BatchSize = 20;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>Wait after the given try: doubling, an hour at most.</summary>
    internal static TimeSpan WaitAfter(int tries, TimeSpan first) =>
        TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, first.TotalSeconds * Math.Pow(2, Math.Clamp(tries - 1, 0, 30))));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var claimed = await outbox.ClaimAsync(BatchSize, Lease, stoppingToken);
                await Task.WhenAll(claimed.Select(callback => SendAsync(callback, stoppingToken)));
                if (claimed.Count == 0)
                    await Task.Delay(options.PollInterval, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                logger.LogWarning("Callbacks cannot be sent now: {Reason}", failure.Message);
                await Task.Delay(options.PollInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task SendAsync(CallbackInfo callback, CancellationToken stoppingToken)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            limit.CancelAfter(SendLimit);
            await channels.Single(c => c.Name == callback.Channel).SendAsync(callback, limit.Token);
        }
        catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
        {
            await FailedAsync(callback, masker.Apply(failure is OperationCanceledException ? "no answer in time" : failure.Message)!);
            return;
        }
        await outbox.DeliveredAsync(callback, CancellationToken.None);
    }

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
