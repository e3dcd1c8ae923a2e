using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>The queue: gives queued instances to a node as running attempts.</summary>
public sealed class ClaimStore(NpgsqlDataSource database, DagStore dags)
{
    private readonly QueueClaim queue = new(dags);

    /// <summary>Claims up to <paramref name="capacity"/> attempts for a node, in queue order, within pools and caps.</summary>
    public async Task<IReadOnlyList<ClaimedAttempt>> ClaimAsync(Guid nodeId, int capacity, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var change = new Change(transaction);
        change.PlanByIndex();
        return (await queue.TakeAsync(change, new NodeDemand(nodeId, capacity), cancellationToken)).Started;
    }
}
