using Quartz;

namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>Brings Quartz's triggers in line with the DAGs once a minute, for changes another node made.</summary>
[DisallowConcurrentExecution]
internal sealed class SyncJob(DagScheduler scheduler) : IJob
{
    public static readonly JobKey Key = new("sync", "orchestrator");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await scheduler.SyncAsync(cancellationToken);
}
