using Quartz;

namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>Quartz says that a DAG's time has come; what that means, <see cref="DagTicker"/> decides from the database.</summary>
[DisallowConcurrentExecution]
internal sealed class DagTickJob(DagTicker ticker) : IJob
{
    public const string Group = "dag-tick";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await ticker.TickAsync(context.JobDetail.Key.Name, cancellationToken);
}
