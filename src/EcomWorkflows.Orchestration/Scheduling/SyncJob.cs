using Quartz;

namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>Brings Quartz's triggers in line with the DAGs once a minute, for changes another node made.</summary>
[DisallowConcurrentExecution]
internal sealed class SyncJob(DagScheduler scheduler) : IJob
{
    public static readonly JobKey Key = new("sync", "orchestrator");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await scheduler.SyncAsync(context.Scheduler, cancellationToken);
        }
        catch (Exception interrupted) when (cancellationToken.IsCancellationRequested && interrupted is OperationCanceledException or SchedulerException)
        {
            // The program stops in the middle of it; the next start synchronises again.
        }
    }
}
