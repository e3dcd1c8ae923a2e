using EcomWorkflows.Orchestration.Execution;
using EcomWorkflows.Orchestration.Outages;
using Microsoft.Extensions.Hosting;

namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>Prepares Quartz's jobs and brings its triggers in line with the DAGs when the program starts; where the database goes away meanwhile, as soon as it is back.</summary>
internal sealed class SchedulingStart(DagScheduler scheduler, ClockComparison clocks, OutageLog outages, TimeProvider time) : BackgroundService
{
    private const string What = "The start of the scheduler";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!await TryAsync(stoppingToken))
            await Task.Delay(Pause, time, stoppingToken);
    }

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await clocks.CompareAsync(cancellationToken);
            await scheduler.PrepareAsync(cancellationToken);
            await scheduler.SyncAsync(cancellationToken);
            outages.Worked(What);
            return true;
        }
        catch (Exception failure) when (QuartzLog.FindOutage(failure) is { } outage)
        {
            outages.Failed(What, outage);
            return false;
        }
    }
}
