using EcomWorkflows.Orchestration.Execution;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>Follows up changes of runs at once: asset events that start DAGs, places that became free for backfills and catch-up. The sweep would find them too, later.</summary>
internal sealed class DueWatch(RunChanges changes, IEnumerable<ISweepStep> steps, TimeProvider time, ILogger<DueWatch> logger) : BackgroundService
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
            foreach (var step in steps)
                await SweepAsync(step, stoppingToken);
        }
    }

    private async Task SweepAsync(ISweepStep step, CancellationToken stoppingToken)
    {
        try
        {
            await step.SweepAsync(stoppingToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            logger.LogWarning("{Step} is tried again by the next sweep: {Reason}", step.GetType().Name, failure.Message);
        }
    }
}
