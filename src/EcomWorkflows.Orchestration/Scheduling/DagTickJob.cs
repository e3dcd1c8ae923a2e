using Quartz;

namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>Quartz says that the time of some DAG has come; which and what that means, <see cref="DagTicker"/> decides from the database.</summary>
[DisallowConcurrentExecution]
internal sealed class DagTickJob(DagScheduler scheduler) : IJob
{
    public static readonly JobKey Key = new("tick", "orchestrator");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await scheduler.SyncAsync(context.Scheduler, cancellationToken);
}
