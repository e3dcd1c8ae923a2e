using EcomWorkflows.Orchestration.Execution;
using EcomWorkflows.Orchestration.Outages;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.Extensions.Hosting;

namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>Follows up changes of runs at once: asset events that start DAGs, places that became free for waiting runs, backfills and catch-up. The sweep would find them too, later.</summary>
internal sealed class DueWatch(RunChanges changes, RunStore runs, IEnumerable<ISweepStep> steps, OutageLog outages, TimeProvider time) : BackgroundService
{
    /// <summary>Changes within this time are followed up together.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Signal changed = new();

    public override void Dispose()
    {
        changed.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(WatchAsync(stoppingToken), FollowAsync(stoppingToken));

    private async Task WatchAsync(CancellationToken stoppingToken)
    {
        await foreach (var _ in changes.WatchAsync(null, stoppingToken))
            changed.Raise();
    }

    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await changed.WaitAsync(Timeout.InfiniteTimeSpan, stoppingToken);
            await Task.Delay(Pause, time, stoppingToken);
            await FollowAsync("The start of waiting runs", token => runs.StartWaitingAsync("scheduler", token), stoppingToken);
            foreach (var step in steps)
                await FollowAsync($"The step {step.GetType().Name}", step.SweepAsync, stoppingToken);
        }
    }

    private async Task FollowAsync(string what, Func<CancellationToken, Task> step, CancellationToken stoppingToken)
    {
        try
        {
            await step(stoppingToken);
            outages.Worked(what);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The next sweep tries it again.
            outages.Failed(what, failure);
        }
    }
}
