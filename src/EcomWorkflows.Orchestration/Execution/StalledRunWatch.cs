using EcomWorkflows.Orchestration.Storage;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>Looks now and then for runs in which nothing happens any more although they have not ended.</summary>
internal sealed class StalledRunWatch(StalledRuns runs, ILogger<StalledRunWatch> logger) : ISweepStep
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);

    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        if (await runs.ResolveAsync(Quiet, "sweeper", cancellationToken) is var stalled and > 0)
            logger.LogWarning("{Count} runs stood still and were derived anew", stalled);
    }
}
