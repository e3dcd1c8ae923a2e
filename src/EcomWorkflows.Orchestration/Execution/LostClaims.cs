using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>
/// Gives back attempts the database says run here and this node knows nothing of: the commit that claimed them went through, the reply was lost. The node lives,
/// so nobody else would ever take them.
/// </summary>
internal sealed class LostClaims(NodeStore nodes, CompletionStore completions, NodeSession session, ILogger<LostClaims> logger)
{
    // An attempt may be on its way to the node in this very moment; one that is unknown at two looks in a row is not.
    private HashSet<long> suspects = [];

    /// <param name="known">The attempts the node is running or ending; asked after the database was.</param>
    public async Task GiveBackAsync(Func<ICollection<long>> known, CancellationToken cancellationToken)
    {
        var running = await nodes.RunningAsync(session.NodeId, cancellationToken);
        var unknown = running.ExceptBy(known(), r => r.AttemptId).ToList();
        var lost = unknown.Where(r => suspects.Contains(r.AttemptId)).ToList();
        suspects = [.. unknown.Select(r => r.AttemptId)];
        if (lost.Count == 0)
            return;
        logger.LogWarning("{Count} attempts were claimed for this node and the news was lost; they are given back", lost.Count);
        await completions.CompleteAsync(
            [.. lost.Select(r => AttemptOutcome.Failed(r.AttemptId, r.RunId, FailureCause.WorkerLost, "Its node was not told that it had to run it; the connection was lost.") with { Check = r.Checks })],
            session.Actor, cancellationToken);
    }
}
