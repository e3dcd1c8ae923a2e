using EcomWorkflows.Orchestration.Storage;
using Quartz;

namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>Quartz says that waiting retries are due: they are queued, whichever they are.</summary>
internal sealed class WakeUpJob(SweepStore store) : IJob
{
    public static readonly JobKey Key = new("wake-up", "orchestrator");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await store.QueueDueAsync("scheduler", cancellationToken);
}
