using Dapper;
using EcomWorkflows.Orchestration.Planning;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Reads what <see cref="WaitReasons"/> needs to say why something is not running.</summary>
public sealed class WaitReader(NpgsqlDataSource database, DagStore dags)
{
    /// <summary>Why a run and its waiting instances are not running; nothing for one that has ended.</summary>
    /// <exception cref="NotFoundException">There is no such run.</exception>
    public async Task<RunWait> OfRunAsync(long runId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var run = await RunAsync(connection, runId, cancellationToken) ?? throw new NotFoundException($"There is no run {runId}.");
        if (run.State is RunState.Success or RunState.Failed)
            return new RunWait([], []);
        var waiting = await InstancesAsync(connection, runId, cancellationToken);
        return new RunWait(
            WaitReasons.OfRun(run),
            [.. waiting.Select(i => new InstanceWait(i.Key.TaskId, i.Key.MapIndex, i.State.ToWire(), WaitReasons.OfInstance(run, i))).Where(i => i.Reasons.Count > 0)]);
    }

    /// <summary>Why a DAG starts no run of its own now.</summary>
    /// <exception cref="NotFoundException">There is no such DAG.</exception>
    public async Task<IReadOnlyList<WaitReason>> OfDagAsync(string dagId, CancellationToken cancellationToken)
    {
        var graph = await dags.CurrentGraphAsync(dagId, cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var (paused, due, problem) = await connection.QuerySingleAsync<(bool, DateTime?, string?)>(new CommandDefinition(
            """
            select d.is_paused, case when isfinite(s.next_due) then s.next_due end, s.problem
            from orchestration.dag d
            left join orchestration.dag_schedule s on s.dag_id = d.dag_id
            where d.dag_id = @dagId
            """,
            new { dagId }, cancellationToken: cancellationToken));
        var reasons = new List<WaitReason>();
        if (paused)
            reasons.Add(new(WaitKind.PausedDag, $"DAG {dagId} is paused."));
        if (graph.Dag.Settings.AssetSchedule is { Length: > 0 } assets)
            reasons.Add(new(WaitKind.Assets, $"It runs when its assets are written: {assets}."));
        var next = due is { } at ? new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc)) : (DateTimeOffset?)null;
        if (problem is not null)
            reasons.Add(new(WaitKind.Schedule, $"Its last due run could not be made: {problem}") { At = next });
        else if (next is not null)
            reasons.Add(new(WaitKind.Schedule, $"Its next run is due at {next:yyyy-MM-dd HH:mm:ss} UTC.") { At = next });
        else if (graph.Dag.Settings.Schedule.Count == 0 && reasons.All(r => r.Kind != WaitKind.Assets))
            reasons.Add(new(WaitKind.Schedule, "It has no schedule: only people and other DAGs start it."));
        return reasons;
    }

    private async Task<WaitingRun?> RunAsync(NpgsqlConnection connection, long runId, CancellationToken cancellationToken)
    {
        await using var answers = await connection.QueryMultipleAsync(new CommandDefinition(
            """
            select r.run_key, r.dag_id, r.dag_version, r.state, d.is_paused as dag_paused, coalesce(b.is_paused, false) as backfill_paused,
                   (select count(*)::int from orchestration.dag_run active where active.dag_id = r.dag_id and active.state = 'running' and active.backfill_id is null) as active_runs,
                   (select count(*)::int from orchestration.node where stopped_at is null and lease_until > clock_timestamp()) as live_nodes
            from orchestration.dag_run r
            join orchestration.dag d on d.dag_id = r.dag_id
            left join orchestration.backfill b on b.backfill_id = r.backfill_id
            where r.run_id = @runId;
            select task_id, map_index, state from orchestration.task_instance where run_id = @runId order by task_instance_id;
            select name, slots from orchestration.pool;
            select t.run_id, t.dag_id, t.task_id, t.pool, t.pool_slots, t.map_index, r.run_key
            from orchestration.task_instance t
            join orchestration.dag_run r on r.run_id = t.run_id
            where t.state = 'running'
            order by t.started_at
            """,
            new { runId }, cancellationToken: cancellationToken));
        var run = await answers.ReadSingleOrDefaultAsync<RunFacts>();
        if (run is null)
            return null;
        var graph = await dags.GraphAsync(run.DagId, run.DagVersion, cancellationToken);
        var states = await answers.ReadAsync<(string TaskId, int MapIndex, string State)>();
        var pools = await answers.ReadAsync<(string Name, int Slots)>();
        var running = await answers.ReadAsync<(long RunId, string DagId, string TaskId, string Pool, int PoolSlots, int MapIndex, string RunKey)>();
        return new WaitingRun(
            runId, run.RunKey, StateNames.Parse<RunState>(run.State), graph, run.DagPaused, run.BackfillPaused, run.ActiveRuns, run.LiveNodes,
            states.Where(s => graph.Contains(s.TaskId)).ToDictionary(s => new InstanceKey(s.TaskId, s.MapIndex), s => StateNames.Parse<TaskState>(s.State)),
            pools.ToDictionary(p => p.Name, p => p.Slots, StringComparer.Ordinal),
            [.. running.Select(r => (new RunningInstance(r.RunId, r.DagId, r.TaskId, r.Pool, r.PoolSlots), new WaitHolder(r.DagId, r.RunKey, r.TaskId, r.MapIndex, r.PoolSlots)))]);
    }

    private static async Task<IEnumerable<WaitingInstance>> InstancesAsync(NpgsqlConnection connection, long runId, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync<InstanceFactsRow>(new CommandDefinition(
            """
            select t.task_id, t.map_index, t.state, t.pool, t.pool_slots, t.not_before, t.event_key, past.run_key as past_run_key, q.subject as question, q.assignees
            from orchestration.task_instance t
            join orchestration.dag_run r on r.run_id = t.run_id
            left join orchestration.question q on q.attempt_id = t.attempt_id and q.closed_at is null
            left join lateral (
              select before.run_id, before.run_key
              from orchestration.dag_run before
              where before.dag_id = r.dag_id
                and before.run_type in ('scheduled', 'backfill')
                and before.logical_date < r.logical_date
              order by before.logical_date desc
              limit 1
            ) past on t.depends_on_past and exists (
              select
              from orchestration.task_instance earlier
              where earlier.run_id = past.run_id
                and earlier.task_id = t.task_id
                and earlier.state not in ('success', 'skipped', 'removed'))
            where t.run_id = @runId
              and t.state not in ('running', 'restarting', 'success', 'failed', 'skipped', 'upstream_failed', 'removed')
            order by t.task_instance_id
            """,
            new { runId }, cancellationToken: cancellationToken));
        return rows.Select(r => new WaitingInstance(
            new InstanceKey(r.TaskId, r.MapIndex), StateNames.Parse<TaskState>(r.State), r.Pool, r.PoolSlots, r.NotBefore, r.EventKey, r.PastRunKey, r.Question, r.Assignees));
    }

    private sealed record RunFacts
    {
        public string RunKey { get; init; } = "";

        public string DagId { get; init; } = "";

        public int DagVersion { get; init; }

        public string State { get; init; } = "";

        public bool DagPaused { get; init; }

        public bool BackfillPaused { get; init; }

        public int ActiveRuns { get; init; }

        public int LiveNodes { get; init; }
    }

    private sealed record InstanceFactsRow
    {
        public string TaskId { get; init; } = "";

        public int MapIndex { get; init; }

        public string State { get; init; } = "";

        public string Pool { get; init; } = "";

        public int PoolSlots { get; init; }

        public DateTimeOffset? NotBefore { get; init; }

        public string? EventKey { get; init; }

        public string? PastRunKey { get; init; }

        public string? Question { get; init; }

        public string[]? Assignees { get; init; }
    }
}
