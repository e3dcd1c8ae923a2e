using System.Collections.Concurrent;
using EcomWorkflows.Orchestration.Outages;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>The node: claims queued attempts, runs them and keeps its lease. Stopping it gives running attempts back to the queue.</summary>
internal sealed class Node(
    NodeSession session, ClaimStore claims, AttemptRunner runner, Completer completer, Sweeper sweeper, Listener listener, AttemptReporter reporter, LostClaims lostClaims,
    RunningAttempts running, Places places, SweepStore sweepStore, OrchestrationOptions options, OutageLog outages, TimeProvider time, ILogger<Node> logger, IWakeUps? wakeUps = null)
    : BackgroundService
{
    private const string Claiming = "The claim of work";

    private static readonly TimeSpan FailureWait = TimeSpan.FromSeconds(1);

    // Something due that another node has locked at this moment is looked for again after this.
    private static readonly TimeSpan ShortestDueWait = TimeSpan.FromMilliseconds(5);

    private readonly Signal queueChanged = new();
    private readonly Signal dueChanged = new();
    private readonly Signal failed = new();
    private readonly ConcurrentDictionary<long, Task> attempts = new();

    public override void Dispose()
    {
        queueChanged.Dispose();
        dueChanged.Dispose();
        failed.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Directory.CreateDirectory(options.WorkRoot);
        reporter.Start();
        await session.RegisterAsync(stoppingToken);
        using var loops = new CancellationTokenSource();
        var completing = completer.RunAsync(attempt => Begin(attempt, stoppingToken), queueChanged.Raise, stoppingToken, loops.Token);
        var supporting = Task.WhenAll(
            RepeatAsync("The heartbeat", options.Lease / 3, HeartbeatAsync, loops.Token),
            listener.RunAsync(queueChanged, dueChanged, running, loops.Token));
        var sweeping = Task.WhenAll(
            RepeatAsync("The sweep", options.SweepInterval, sweeper.SweepAsync, stoppingToken),
            RepeatAsync("The wait for due tasks", TimeSpan.Zero, QueueDueAsync, stoppingToken),
            RepeatAsync("The wake-up for retries", TimeSpan.Zero, WakeForRetryAsync, stoppingToken));

        await DispatchAsync(stoppingToken);

        // What the completer got in the moment of the stop has come in while its batch was still among these.
        while (!attempts.IsEmpty)
            await Task.WhenAll(attempts.Values);
        completer.Close();
        await completing.WaitAsync(options.CancelGrace, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await loops.CancelAsync();
        await Task.WhenAll(supporting, sweeping);
        await StopSessionAsync();
    }

    private async Task DispatchAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await ClaimAsync(stoppingToken) == 0)
                    await queueChanged.WaitAsync(options.PollInterval, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                outages.Failed(Claiming, failure);
                await Task.Delay(FailureWait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<int> ClaimAsync(CancellationToken stoppingToken)
    {
        var free = places.TakeFree();
        var started = 0;
        try
        {
            if (free == 0)
                return 0;
            var claimed = await claims.ClaimAsync(session.NodeId, free, stoppingToken);
            outages.Worked(Claiming);
            started = claimed.Count;
            foreach (var attempt in claimed)
                Begin(attempt, stoppingToken);
            return started;
        }
        finally
        {
            places.GiveBack(free - started);
        }
    }

    private void Begin(ClaimedAttempt attempt, CancellationToken stoppingToken)
    {
        // Entered before it starts: it may end, and remove itself, at once.
        var ended = new TaskCompletionSource();
        attempts[attempt.AttemptId] = ended.Task;
        _ = RunAsync();

        async Task RunAsync()
        {
            var outcome = await runner.RunAsync(attempt, stoppingToken);
            await completer.WriteAsync(outcome);
            if (outcome.Waits || outcome.State == TaskState.Failed)
                dueChanged.Raise();
            if (outcome.State == TaskState.Failed)
                failed.Raise();
            attempts.TryRemove(attempt.AttemptId, out _);
            ended.SetResult();
        }
    }

    /// <summary>Queues what is due now, then sleeps until the next is (or something may have changed); the sweep is the safety net.</summary>
    private async Task QueueDueAsync(CancellationToken cancellationToken)
    {
        await sweepStore.QueueDueAsync(session.Actor, cancellationToken);
        var wait = await sweepStore.NextDueAsync(cancellationToken) is { } due ? due - time.GetUtcNow() : options.SweepInterval;
        using var slept = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var bounded = TimeSpan.FromTicks(Math.Clamp(wait.Ticks, ShortestDueWait.Ticks, Math.Max(options.SweepInterval.Ticks, ShortestDueWait.Ticks)));
        await Task.WhenAny(dueChanged.WaitAsync(Timeout.InfiniteTimeSpan, slept.Token), Task.Delay(bounded, time, slept.Token));
        await slept.CancelAsync();
    }

    private async Task HeartbeatAsync(CancellationToken cancellationToken)
    {
        if (await session.RenewAsync(cancellationToken))
        {
            await lostClaims.GiveBackAsync(() => attempts.Keys, cancellationToken);
            return;
        }
        // In this order: once the attempts are given back, whatever their runners still report is refused. Their next tries may start here before the last line.
        var lost = running.AttemptIds;
        await session.ReplaceAsync(cancellationToken);
        await sweeper.SweepAsync(cancellationToken);
        foreach (var attemptId in lost)
            running.Stop(attemptId);
    }

    private async Task RepeatAsync(string what, TimeSpan interval, Func<CancellationToken, Task> step, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await step(cancellationToken);
                outages.Worked(what);
                await Task.Delay(interval, time, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                outages.Failed(what, failure);
                await Task.Delay(FailureWait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Failed attempts may wait for their next try: be woken then, once however many failed together. The sweep would find them too, later.</summary>
    private async Task WakeForRetryAsync(CancellationToken cancellationToken)
    {
        await failed.WaitAsync(Timeout.InfiniteTimeSpan, cancellationToken);
        if (wakeUps is not null && await sweepStore.NextDueAsync(cancellationToken) is { } due)
            await wakeUps.AtAsync(due, cancellationToken);
    }

    private async Task StopSessionAsync()
    {
        try
        {
            await session.StopAsync(CancellationToken.None);
        }
        catch (NpgsqlException failure)
        {
            logger.LogWarning("The node could not sign off; its lease will run out: {Reason}", failure.Message);
        }
    }
}
