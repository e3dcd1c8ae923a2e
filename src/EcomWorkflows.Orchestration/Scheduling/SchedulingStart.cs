using EcomWorkflows.Orchestration.Execution;
using Microsoft.Extensions.Hosting;

namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>Prepares Quartz's jobs and brings its triggers in line with the DAGs when the program starts.</summary>
internal sealed class SchedulingStart(DagScheduler scheduler, ClockComparison clocks) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await clocks.CompareAsync(stoppingToken);
        await scheduler.PrepareAsync(stoppingToken);
        await scheduler.SyncAsync(stoppingToken);
    }
}
