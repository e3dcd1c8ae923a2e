namespace EcomWorkflows.Orchestration.Storage;

/// <summary>What a node got from the queue.</summary>
/// <param name="Started">In queue order.</param>
/// <param name="IsQueueLeft">Whether instances stay queued: more than the node has places for, held up by pools or caps, or locked by another transaction at this moment.</param>
internal sealed record Claim(IReadOnlyList<ClaimedAttempt> Started, bool IsQueueLeft)
{
    public static readonly Claim Nothing = new([], IsQueueLeft: false);
}
