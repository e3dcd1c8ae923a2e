using Dapper;
using EcomWorkflows.Orchestration.Planning;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>The queue: gives queued instances to a node as running attempts.</summary>
public sealed class ClaimStore(NpgsqlDataSource database, DagStore dags)
{
    /// <summary>Counting used slots and claiming must be one critical section over all nodes; this key is its lock.</summary>
    private const long ClaimLockKey = 0x45434F4D_434C414D; // "ECOMCLAM"

    /// <summary>Candidates looked at beyond the wanted number, so that a full pool at the head of the queue does not block the others.</summary>
    private const int LookAhead = 200;

    /// <summary>Claims up to <paramref name="capacity"/> attempts for a node, in queue order, within pools and caps.</summary>
    public async Task<IReadOnlyList<ClaimedAttempt>> ClaimAsync(Guid nodeId, int capacity, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "select pg_advisory_xact_lock(@ClaimLockKey)", new { ClaimLockKey }, transaction, cancellationToken: cancellationToken));
        var queue = await ReadQueueAsync(transaction, capacity + LookAhead, cancellationToken);
        if (queue.Count == 0)
            return [];
        var (openSlots, runningByDag) = await ReadUseAsync(transaction, cancellationToken);
        var chosen = QueueRules.Choose(queue, openSlots, runningByDag, capacity);
        if (chosen.Count == 0)
            return [];
        var claimed = await StartAsync(transaction, nodeId, chosen, cancellationToken);
        if (claimed.Count == 0)
            return [];
        await EventLog.WriteAsync(
            transaction,
            [.. claimed.Select(c => new EventRow("task_state", $"node:{nodeId}")
            {
                DagId = c.DagId,
                RunId = c.RunId,
                TaskInstanceId = c.TaskInstanceId,
                AttemptId = c.AttemptId,
                TaskId = c.TaskId,
                Before = TaskState.Queued.ToWire(),
                After = TaskState.Running.ToWire(),
            })],
            cancellationToken);
        await Notifications.RunsChangedAsync(transaction, [.. claimed.Select(c => c.RunId).Distinct()], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return claimed;
    }

    private async Task<IReadOnlyList<QueueCandidate>> ReadQueueAsync(NpgsqlTransaction transaction, int limit, CancellationToken cancellationToken)
    {
        var rows = await transaction.Connection!.QueryAsync<(long TaskInstanceId, string DagId, string TaskId, string Pool, int PoolSlots, int DagVersion)>(
            new CommandDefinition(
                """
                select t.task_instance_id, t.dag_id, t.task_id, t.pool, t.pool_slots, r.dag_version
                from orchestration.task_instance t
                join orchestration.dag_run r on r.run_id = t.run_id
                join orchestration.dag d on d.dag_id = t.dag_id
                where t.state = 'queued'
                  and r.state = 'running'
                  and not d.is_paused
                order by t.priority_weight desc, t.queued_at, t.task_instance_id
                limit @limit
                for update of t skip locked
                """,
                new { limit }, transaction, cancellationToken: cancellationToken));
        var candidates = new List<QueueCandidate>();
        foreach (var row in rows)
        {
            var settings = (await dags.GraphAsync(row.DagId, row.DagVersion, cancellationToken)).Dag.Settings;
            candidates.Add(new QueueCandidate(row.TaskInstanceId, row.DagId, row.TaskId, row.Pool, row.PoolSlots, settings.MaxActiveTasks));
        }
        return candidates;
    }

    private static async Task<(Dictionary<string, int> OpenSlots, Dictionary<string, int> RunningByDag)> ReadUseAsync(
        NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var used = (await transaction.Connection!.QueryAsync<(string Pool, string DagId, int Slots, int Instances)>(new CommandDefinition(
            """
            select pool, dag_id, sum(pool_slots)::int, count(*)::int
            from orchestration.task_instance
            where state = 'running'
            group by pool, dag_id
            """,
            transaction: transaction, cancellationToken: cancellationToken))).AsList();
        var pools = await transaction.Connection!.QueryAsync<(string Name, int Slots)>(new CommandDefinition(
            "select name, slots from orchestration.pool", transaction: transaction, cancellationToken: cancellationToken));
        return (
            pools.ToDictionary(p => p.Name, p => p.Slots - used.Where(u => u.Pool == p.Name).Sum(u => u.Slots), StringComparer.Ordinal),
            used.GroupBy(u => u.DagId).ToDictionary(g => g.Key, g => g.Sum(u => u.Instances), StringComparer.Ordinal));
    }

    private static async Task<IReadOnlyList<ClaimedAttempt>> StartAsync(
        NpgsqlTransaction transaction, Guid nodeId, IReadOnlyList<QueueCandidate> chosen, CancellationToken cancellationToken) =>
        (await transaction.Connection!.QueryAsync<ClaimedAttempt>(new CommandDefinition(
            """
            with started as (
              insert into orchestration.task_attempt (task_instance_id, run_id, try_number, node_id, state)
              select t.task_instance_id, t.run_id, t.try_number, n.node_id, 'running'
              from orchestration.task_instance t
              join orchestration.node n on n.node_id = @nodeId
              where t.task_instance_id = any(@ids)
                and n.stopped_at is null
                and n.lease_until > clock_timestamp()  -- a node whose lease ran out gets nothing until it has registered anew
              returning attempt_id, task_instance_id
            ),
            moved as (
              update orchestration.task_instance t
              set state = 'running', attempt_id = started.attempt_id, started_at = clock_timestamp(), ended_at = null
              from started
              where t.task_instance_id = started.task_instance_id
              returning t.task_instance_id, t.run_id, t.task_id, t.map_index, t.try_number, started.attempt_id
            )
            select m.attempt_id, m.task_instance_id, m.run_id, m.task_id, m.map_index, m.try_number,
                   r.dag_id, r.run_key, r.run_type, r.dag_version, r.logical_date, r.data_interval_start, r.data_interval_end, r.params::text as params
            from moved m
            join orchestration.dag_run r on r.run_id = m.run_id
            order by array_position(@ids, m.task_instance_id)
            """,
            new { nodeId, ids = chosen.Select(c => c.TaskInstanceId).ToArray() }, transaction, cancellationToken: cancellationToken))).AsList();
}
