using EcomWorkflows.Orchestration.Planning;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>The critical section of the queue, inside a transaction of the caller: takes the lock, counts what runs, chooses, and starts what was chosen.</summary>
/// <remarks>Whoever holds the lock waits for nobody: a caller that has locked runs before may therefore wait for it.</remarks>
internal sealed class QueueClaim(DagStore dags)
{
    /// <summary>Counting used slots and claiming must be one critical section over all nodes; this key is its lock.</summary>
    private const long ClaimLockKey = 0x45434F4D_434C414D; // "ECOMCLAM"

    /// <summary>Candidates per pool looked at beyond the wanted number; more only while those cannot start.</summary>
    private const int LookAhead = 8;

    /// <summary>Candidates per pool looked at in the worst case: everything before them is held up by caps or too wide.</summary>
    private const int MaxLookAhead = 10_000;

    private const string ReadQueue =
        """
        select queue.task_instance_id, queue.run_id, queue.dag_id, queue.task_id, queue.pool, queue.pool_slots, queue.passed_over, queue.dag_version, queue.is_backfill
        from orchestration.pool p
        cross join lateral (
          select t.task_instance_id, t.run_id, t.dag_id, t.task_id, t.pool, t.pool_slots, t.passed_over, r.dag_version, r.backfill_id is not null as is_backfill, t.priority_weight, t.queue_date, t.map_index
          from orchestration.task_instance t
          join orchestration.dag_run r on r.run_id = t.run_id
          join orchestration.dag d on d.dag_id = t.dag_id
          where t.state = 'queued'
            and t.pool = p.name
            and r.state = 'running'
            and not d.is_paused
            and (not t.depends_on_past or not exists (
              select
              from orchestration.task_instance past
              where past.run_id = (
                  select before.run_id
                  from orchestration.dag_run before
                  where before.dag_id = r.dag_id
                    and before.run_type in ('scheduled', 'backfill')
                    and before.logical_date < r.logical_date
                  order by before.logical_date desc
                  limit 1)
                and past.task_id = t.task_id
                and past.state not in ('success', 'skipped', 'removed')))
          order by (t.passed_over <= 50), (-t.priority_weight), t.queue_date, t.map_index, t.task_instance_id
          limit @limit
        ) as queue
        where p.slots > (select coalesce(sum(pool_slots), 0) from orchestration.task_instance where state = 'running' and pool = p.name)
        order by (queue.passed_over <= 50), (-queue.priority_weight), queue.queue_date, queue.map_index, queue.task_instance_id
        """;

    private const string TakeLock = "select pg_advisory_xact_lock(@ClaimLockKey)";

    private const string ReadPools =
        """
        select p.name, p.slots, (select count(*)::int from orchestration.node n where n.stopped_at is null and n.lease_until > clock_timestamp()) as nodes
        from orchestration.pool p
        """;

    private const string ReadRunning =
        """
        select t.run_id, t.dag_id, t.task_id, t.pool, t.pool_slots, r.backfill_id is not null as is_backfill, a.node_id = @NodeId as is_here
        from orchestration.task_instance t
        join orchestration.task_attempt a on a.attempt_id = t.attempt_id
        join orchestration.dag_run r on r.run_id = t.run_id
        where t.state = 'running'
        """;

    /// <summary>Starts as many attempts as the node wants, in queue order, within pools and caps, and commits; where none can start, the caller still has to.</summary>
    public async Task<Claim> TakeAsync(Change change, NodeDemand demand, CancellationToken cancellationToken)
    {
        var (choice, read, _) = await ChooseAsync(change, demand, cancellationToken);
        return await StartAsync(change, demand.NodeId, choice, read, cancellationToken);
    }

    /// <summary>
    /// As <see cref="TakeAsync"/>, for a node that gives back places in this transaction. Where other nodes live and more is queued than it would take, it leaves all
    /// to their next claims and its own: it would otherwise keep the slots of a full pool for ever.
    /// </summary>
    public async Task<Claim> TakeOverAsync(Change change, NodeDemand demand, CancellationToken cancellationToken)
    {
        var (choice, read, nodes) = await ChooseAsync(change, demand, cancellationToken);
        if (nodes <= 1 || read == choice.Chosen.Count)
            return await StartAsync(change, demand.NodeId, choice, read, cancellationToken);
        change.QueueChanged();
        return new Claim([], IsQueueLeft: true);
    }

    private static async Task<Claim> StartAsync(Change change, Guid nodeId, QueueChoice choice, int read, CancellationToken cancellationToken)
    {
        if (choice.Chosen.Count == 0)
            return new Claim([], IsQueueLeft: read > 0);
        var started = await StartAsync(change, nodeId, choice, cancellationToken);
        return new Claim(started, IsQueueLeft: read > started.Count);
    }

    /// <summary>Looks further down the queue only while the candidates at its head cannot start.</summary>
    private async Task<(QueueChoice Choice, int Read, int Nodes)> ChooseAsync(Change change, NodeDemand demand, CancellationToken cancellationToken)
    {
        var limit = demand.Capacity + LookAhead;
        change.Call(TakeLock, new { ClaimLockKey });
        var (slots, running, queue) = await change.QueryAsync<(string Name, int Slots, int Nodes), RunningInstance, QueueRow>(
            ReadPools, ReadRunning, ReadQueue, new { demand.NodeId }, new { limit }, cancellationToken);
        var pools = slots.ToDictionary(p => p.Name, p => p.Slots, StringComparer.Ordinal);
        while (true)
        {
            var choice = QueueRules.Choose(await CandidatesAsync(queue, cancellationToken), pools, running, demand.Capacity);
            if (choice.Chosen.Count == demand.Capacity || limit >= MaxLookAhead || queue.Count < limit)
                return (choice, queue.Count, slots.Count == 0 ? 0 : slots[0].Nodes);
            limit *= 16;
            queue = await change.QueryAsync<QueueRow>(ReadQueue, new { limit }, cancellationToken);
        }
    }

    private async Task<List<QueueCandidate>> CandidatesAsync(List<QueueRow> queue, CancellationToken cancellationToken)
    {
        var candidates = new List<QueueCandidate>(queue.Count);
        foreach (var row in queue)
        {
            var graph = await dags.GraphAsync(row.DagId, row.DagVersion, cancellationToken);
            candidates.Add(new QueueCandidate(
                row.TaskInstanceId, row.RunId, row.DagId, row.TaskId, row.Pool, row.PoolSlots, row.PassedOver, QueueCaps.Of(graph, row.TaskId), row.IsBackfill));
        }
        return candidates;
    }

    private static Task<List<ClaimedAttempt>> StartAsync(Change change, Guid nodeId, QueueChoice choice, CancellationToken cancellationToken)
    {
        if (choice.PassedOver.Count > 0)
        {
            change.Send(
                """
                update orchestration.task_instance t
                set passed_over = t.passed_over + 1
                from (select task_instance_id from orchestration.task_instance where task_instance_id = any(@ids) and state = 'queued' for update skip locked) as free
                where t.task_instance_id = free.task_instance_id
                """,
                new { ids = choice.PassedOver.Select(c => c.TaskInstanceId).ToArray() });
        }
        change.RunsChanged(choice.Chosen.Select(c => c.RunId));
        change.Taken(choice.Chosen.Select(c => c.TaskInstanceId));
        return change.QueryAndCommitAsync<ClaimedAttempt>(
            """
            with ready as (
              -- One that a clear or mark is changing at this moment is left for the next claim: waiting for it could deadlock.
              select task_instance_id, run_id, try_number, infra_tries, attempt_id
              from orchestration.task_instance
              where task_instance_id = any(@ids)
                and state = 'queued'
              for update skip locked
            ),
            started as (
              -- A try that waited is the same attempt again. A new one goes on from the memo of the one before it only if the infrastructure lost that.
              insert into orchestration.task_attempt as a (task_instance_id, run_id, try_number, node_id, state, memo)
              select ready.task_instance_id, ready.run_id, ready.try_number, n.node_id, 'running', case when ready.infra_tries > 0 then lost.memo end
              from ready
              join orchestration.node n on n.node_id = @nodeId
              left join orchestration.task_attempt lost
                on lost.attempt_id = ready.attempt_id and lost.state = 'failed' and lost.cause in ('worker_lost', 'dependency')
              where n.stopped_at is null
                and n.lease_until > clock_timestamp()  -- a node whose lease ran out gets nothing until it has registered anew
              on conflict (task_instance_id, try_number) do update
              set state = 'running', node_id = excluded.node_id, checks = a.checks + 1
              where a.state = 'waiting'
              returning a.attempt_id, a.task_instance_id, a.checks, a.memo, a.answer
            ),
            moved as (
              update orchestration.task_instance t
              set state = 'running', attempt_id = started.attempt_id, started_at = coalesce(t.started_at, clock_timestamp()), ended_at = null
              from started
              where t.task_instance_id = started.task_instance_id
              returning t.task_instance_id, t.run_id, t.dag_id, t.task_id, t.map_index, t.map_item, t.try_number, started.attempt_id,
                        t.try_number - t.user_tries - t.infra_tries as first_try, started.checks, started.memo, started.answer
            ),
            logged as (
              insert into orchestration.event (kind, actor, dag_id, run_id, task_instance_id, attempt_id, task_id, state_before, state_after)
              select 'task_state', @actor, dag_id, run_id, task_instance_id, attempt_id, task_id, 'queued', 'running'
              from moved
            )
            select m.attempt_id, m.task_instance_id, m.run_id, m.task_id, m.map_index, m.map_item::text as map_item, m.try_number,
                   m.first_try, m.checks as check, m.memo::text as memo, m.answer::text as answer,
                   r.dag_id, r.run_key, r.run_type, r.dag_version, r.logical_date, r.data_interval_start, r.data_interval_end, r.params::text as params
            from moved m
            join orchestration.dag_run r on r.run_id = m.run_id
            order by array_position(@ids, m.task_instance_id)
            """,
            new { nodeId, actor = $"node:{nodeId}", ids = choice.Chosen.Select(c => c.TaskInstanceId).ToArray() }, cancellationToken);
    }

    private sealed record QueueRow(long TaskInstanceId, long RunId, string DagId, string TaskId, string Pool, int PoolSlots, int PassedOver, int DagVersion, bool IsBackfill);
}
