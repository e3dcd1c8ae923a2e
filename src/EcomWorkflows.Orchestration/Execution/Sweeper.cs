using EcomWorkflows.Orchestration.Storage;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>One sweep: attempts of lost nodes, due retries, overdue runs, waiting runs, and the steps others have added. Safe to run on several nodes at once.</summary>
public sealed class Sweeper(SweepStore store, RunStore runs, DeadlineStore deadlines, IEnumerable<ISweepStep> steps, ILogger<Sweeper> logger)
{
    private const string Actor = "sweeper";

    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var lost = await store.FailLostAttemptsAsync(Actor, cancellationToken);
        if (lost > 0)
            logger.LogWarning("{Count} attempts of lost nodes were given back", lost);
        await store.EndOverdueRunsAsync(Actor, cancellationToken);
        await deadlines.ReportAsync(Actor, cancellationToken);
        await store.QueueDueAsync(Actor, cancellationToken);
        await runs.StartWaitingAsync(Actor, cancellationToken);
        foreach (var step in steps)
            await step.SweepAsync(cancellationToken);
    }
}
