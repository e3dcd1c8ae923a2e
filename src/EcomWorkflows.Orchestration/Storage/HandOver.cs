namespace EcomWorkflows.Orchestration.Storage;

/// <summary>What came of outcomes that were written, and what their node goes on with.</summary>
/// <param name="Refused">Attempts that were no longer running (fenced): nothing was changed for them.</param>
/// <param name="Started">Attempts the node has got in the same transaction, in queue order.</param>
/// <param name="IsQueueLeft">Whether instances stay queued that did not start now.</param>
public sealed record HandOver(IReadOnlyList<long> Refused, IReadOnlyList<ClaimedAttempt> Started, bool IsQueueLeft);
