using Dapper;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using Npgsql;

namespace EcomWorkflows.Testing;

/// <summary>
/// The orchestrator's invariants, checked offline over the event log and the rows it tells of. For a database at rest: nothing is being claimed, completed or swept.
/// </summary>
public sealed class RunInvariants(NpgsqlDataSource database)
{
    private const string Finished = "('success', 'failed', 'skipped', 'upstream_failed', 'removed')";

    /// <summary>Every violation, with what it is about; empty where all hold.</summary>
    /// <param name="runIds">The runs to look at; null for all.</param>
    public async Task<IReadOnlyList<string>> ViolationsAsync(IReadOnlyCollection<long>? runIds = null)
    {
        await using var connection = await database.OpenConnectionAsync();
        var violations = new List<string>();
        foreach (var (name, sql) in Queries)
        {
            var found = await connection.QueryAsync<string>(sql, new { ids = runIds?.ToArray() });
            violations.AddRange(found.Select(f => $"{name}: {f}"));
        }
        violations.AddRange(await CapsAsync(connection, runIds));
        violations.AddRange(await GapsAsync(connection, runIds));
        violations.AddRange(await RunStatesAsync(connection, runIds));
        return violations;
    }

    private static IEnumerable<(string Name, string Sql)> Queries =>
    [
        ("I1 attempt numbers strictly increase",
            """
            select format('attempt %s of instance %s has try %s after try %s', attempt_id, task_instance_id, try_number, before)
            from (
              select attempt_id, task_instance_id, run_id, try_number, lag(try_number) over (partition by task_instance_id order by attempt_id) as before
              from orchestration.task_attempt
              where @ids::bigint[] is null or run_id = any(@ids)
            ) a
            where try_number <= before
            """),
        ("I1 nothing is written under an old attempt",
            """
            select format('event %s (%s → %s) under attempt %s, after attempt %s had started', event_id, state_before, state_after, attempt_id, newest)
            from (
              select e.*, max(case when state_after = 'running' then attempt_id end) over (partition by task_instance_id order by event_id) as newest
              from orchestration.event e
              where kind = 'task_state' and task_instance_id is not null
                and (@ids::bigint[] is null or run_id = any(@ids))
            ) e
            where attempt_id < newest
            """),
        ("I2 an attempt publishes only while it runs",
            """
            select format('event %s publishes under attempt %s, which %s', event_id, attempt_id,
                          case when started is null then 'had not started' else format('had ended with event %s', ended) end)
            from (
              select e.*,
                     max(case when state_after = 'running' then event_id end) over (partition by attempt_id order by event_id) as started,
                     max(case when state_before = 'running' then event_id end) over (partition by attempt_id order by event_id) as ended
              from orchestration.event e
              where attempt_id is not null and (@ids::bigint[] is null or run_id = any(@ids))
            ) e
            where kind = 'publish' and (started is null or ended > started)
            """),
        ("I2 an instance succeeds once between two changes by a person",
            """
            select format('event %s lets instance %s succeed under attempt %s, event %s had done so under attempt %s', event_id, task_instance_id, attempt_id, before, by)
            from (
              select e.event_id, e.run_id, e.task_instance_id, e.attempt_id,
                     lag(e.event_id) over same as before, lag(e.attempt_id) over same as by
              from orchestration.event e
              where e.kind = 'task_state' and e.state_before = 'running' and e.state_after = 'success'
                and (@ids::bigint[] is null or e.run_id = any(@ids))
              window same as (partition by e.task_instance_id order by e.event_id)
            ) twice
            where before is not null
              and not exists (
                select from orchestration.event c
                where c.run_id = twice.run_id and c.event_id between twice.before and twice.event_id
                  and (c.kind in ('clear', 'mark') or c.kind = 'task_state' and c.task_instance_id = twice.task_instance_id and c.state_after = 'removed')
              )
            """),
        ("I4 one run per slot, none early",
            """
            select format('DAG %s has %s scheduled runs for %s', dag_id, count(*), logical_date)
            from orchestration.dag_run
            where run_type = 'scheduled' and (@ids::bigint[] is null or run_id = any(@ids))
            group by dag_id, logical_date
            having count(*) > 1
            """),
        ("I5 finished is final unless a newer generation changes it",
            $"""
            select format('event %s takes instance %s from %s to %s, and nobody cleared or marked its run', event_id, task_instance_id, state_before, state_after)
            from (
              select e.*,
                     lag(event_id) over (partition by run_id, task_instance_id order by event_id) as before,
                     max(case when kind in ('clear', 'mark') then event_id end) over (partition by run_id order by event_id) as changed
              from orchestration.event e
              where run_id is not null and (@ids::bigint[] is null or run_id = any(@ids))
            ) e
            where kind = 'task_state'
              and state_before in {Finished}
              and state_after <> 'removed'
              and (changed is null or changed < coalesce(before, 0))
            """),
        ("I6 everything is finished or owned",
            """
            select format('attempt %s of run %s runs on node %s, which is gone', a.attempt_id, a.run_id, a.node_id)
            from orchestration.task_attempt a
            join orchestration.node n on n.node_id = a.node_id
            where a.state = 'running' and (n.stopped_at is not null or n.lease_until <= clock_timestamp())
              and (@ids::bigint[] is null or a.run_id = any(@ids))
            union all
            select format('run %s is running and nothing in it is queued, runs or waits', run_id)
            from orchestration.dag_run r
            where r.state = 'running' and (@ids::bigint[] is null or r.run_id = any(@ids))
              and not exists (select 1 from orchestration.task_instance t where t.run_id = r.run_id and t.state not in ('none', 'success', 'failed', 'skipped', 'upstream_failed', 'removed'))
            """),
        ("I7 one history row per attempt",
            """
            select format('attempt %s has %s, but %s in the log', coalesce(a.attempt_id, e.attempt_id), case when a.attempt_id is null then 'no row' else 'a row' end,
                          case when e.attempt_id is null then 'no start' else 'a start' end)
            from (select attempt_id from orchestration.task_attempt where @ids::bigint[] is null or run_id = any(@ids)) a
            full join (
              select distinct attempt_id from orchestration.event
              where kind = 'task_state' and state_after = 'running' and (@ids::bigint[] is null or run_id = any(@ids))
            ) e on e.attempt_id = a.attempt_id
            where a.attempt_id is null or e.attempt_id is null
            """),
        ("I7 the log of an attempt stands in the order it was written",
            """
            select format('line %s of attempt %s was logged before the line above it', log_id, attempt_id)
            from (
              select l.attempt_id, l.log_id, l.logged_at, lag(l.logged_at) over (partition by l.attempt_id order by l.log_id) as above
              from orchestration.attempt_log l
              join orchestration.task_attempt a using (attempt_id)
              where @ids::bigint[] is null or a.run_id = any(@ids)
            ) l
            where logged_at < above
            """),
        ("I8 the counter of a run agrees with its instances",
            $"""
            select format('run %s counts %s unfinished instances and has %s', r.run_id, r.unfinished, t.unfinished)
            from orchestration.dag_run r
            cross join lateral (
              select count(*) filter (where state not in {Finished}) as unfinished from orchestration.task_instance where run_id = r.run_id
            ) t
            where r.unfinished <> t.unfinished and (@ids::bigint[] is null or r.run_id = any(@ids))
            """),
    ];

    /// <summary>I3: walks the log and adds up what runs at each moment, per pool, DAG, run, task and task of a run.</summary>
    private async Task<IEnumerable<string>> CapsAsync(NpgsqlConnection connection, IReadOnlyCollection<long>? runIds)
    {
        var slots = (await connection.QueryAsync<(string Name, int Slots)>("select name, slots from orchestration.pool")).ToDictionary(p => p.Name, p => p.Slots);
        var moves = await connection.QueryAsync<Move>(
            """
            select e.event_id, r.run_id, r.dag_id, r.dag_version, t.task_id, t.pool, t.pool_slots, e.state_after = 'running' as starts
            from orchestration.event e
            join orchestration.task_instance t on t.task_instance_id = e.task_instance_id
            join orchestration.dag_run r on r.run_id = t.run_id
            where e.kind = 'task_state' and (e.state_after = 'running' or e.state_before = 'running')
              and (@ids::bigint[] is null or r.run_id = any(@ids))
            order by e.event_id
            """,
            new { ids = runIds?.ToArray() });
        var dags = new DagStore(database);
        var (taken, violations) = (new Dictionary<string, int>(), new List<string>());
        foreach (var move in moves)
        {
            var dag = (await dags.GraphAsync(move.DagId, move.DagVersion, CancellationToken.None)).Dag;
            foreach (var (what, weight, cap) in Caps(move, dag, slots.GetValueOrDefault(move.Pool)))
            {
                taken[what] = taken.GetValueOrDefault(what) + (move.Starts ? weight : -weight);
                if (move.Starts && taken[what] > cap)
                    violations.Add($"I3 caps: with event {move.EventId} {what} holds {taken[what]}, at most {cap} are allowed");
            }
        }
        return violations;
    }

    private static IEnumerable<(string What, int Weight, int? Cap)> Caps(Move move, Dag dag, int slots)
    {
        var task = dag.Tasks.FirstOrDefault(t => t.TaskId == move.TaskId)?.Settings;
        yield return ($"pool {move.Pool}", move.PoolSlots, slots);
        yield return ($"DAG {move.DagId}", 1, dag.Settings.MaxActiveTasks);
        yield return ($"run {move.RunId}", 1, dag.Settings.MaxActiveTasksPerRun);
        yield return ($"task {move.DagId}.{move.TaskId}", 1, task?.MaxActiveInstances);
        yield return ($"task {move.TaskId} of run {move.RunId}", 1, task?.MaxActiveInstancesPerRun);
    }

    /// <summary>I4: the intervals of a DAG that catches up join each other, as long as its version stays the same.</summary>
    private async Task<IEnumerable<string>> GapsAsync(NpgsqlConnection connection, IReadOnlyCollection<long>? runIds)
    {
        var gaps = await connection.QueryAsync<(string DagId, int Version, DateTime Before, DateTime Start)>(
            """
            select dag_id, dag_version, before, data_interval_start
            from (
              select dag_id, dag_version, data_interval_start, data_interval_end,
                     lag(data_interval_end) over (partition by dag_id, dag_version order by logical_date) as before
              from orchestration.dag_run
              where run_type = 'scheduled' and data_interval_end > data_interval_start and (@ids::bigint[] is null or run_id = any(@ids))
            ) r
            where data_interval_start > before
            """,
            new { ids = runIds?.ToArray() });
        var dags = new DagStore(database);
        var violations = new List<string>();
        foreach (var gap in gaps)
        {
            if ((await dags.GraphAsync(gap.DagId, gap.Version, CancellationToken.None)).Dag.Settings is { Catchup: true, Schedule.Count: 1 })
                violations.Add($"I4 none missing: DAG {gap.DagId} has no run between {gap.Before:u} and {gap.Start:u}");
        }
        return violations;
    }

    /// <summary>I8: the state of each finished run is what its instances say.</summary>
    private async Task<IEnumerable<string>> RunStatesAsync(NpgsqlConnection connection, IReadOnlyCollection<long>? runIds)
    {
        var rows = await connection.QueryAsync<(long RunId, string DagId, int Version, string RunState, string TaskId, string State)>(
            """
            select r.run_id, r.dag_id, r.dag_version, r.state, t.task_id, t.state
            from orchestration.dag_run r
            join orchestration.task_instance t on t.run_id = r.run_id
            where r.state in ('success', 'failed') and (@ids::bigint[] is null or r.run_id = any(@ids))
            """,
            new { ids = runIds?.ToArray() });
        var dags = new DagStore(database);
        var violations = new List<string>();
        foreach (var run in rows.GroupBy(r => (r.RunId, r.DagId, r.Version, r.RunState)))
        {
            var graph = await dags.GraphAsync(run.Key.DagId, run.Key.Version, CancellationToken.None);
            var follows = RunStateRule.Decide(graph, [.. run.Select(r => (r.TaskId, StateNames.Parse<TaskState>(r.State)))]).ToWire();
            if (follows != run.Key.RunState)
                violations.Add($"I8 run state: run {run.Key.RunId} is {run.Key.RunState}, from its instances follows {follows}");
        }
        return violations;
    }

    private sealed record Move(long EventId, long RunId, string DagId, int DagVersion, string TaskId, string Pool, int PoolSlots, bool Starts);
}
