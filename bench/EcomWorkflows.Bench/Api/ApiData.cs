using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Bench.Api;

/// <summary>Fills a database with DAGs through the import, and with their runs by SQL.</summary>
internal static class ApiData
{
    public const int Dags = 500;
    public const int Runs = 100_000;
    public const int TasksPerRun = 4;

    public static async Task ImportDagsAsync(DagStore store, TaskRegistry registry, CancellationToken cancellationToken)
    {
        for (var i = 0; i < Dags; i++)
        {
            var dag = Orchestrator.Shapes.Chain($"dag-{i:000}", TasksPerRun, 0) with
            {
                Name = $"DAG {i}",
                Settings = new DagSettings { Schedule = ["@hourly"], PausedOnCreation = true, Tags = [$"team-{i % 7}"] },
            };
            await store.ImportAsync(dag, DagDocument.Create(dag, $"{dag.DagId}.json", registry).ToJson(), DagHash.Compute(dag), $"{dag.DagId}.json", "bench", cancellationToken);
        }
    }

    /// <summary>Hourly runs over every DAG in turn. Of a hundred, eight failed at their last task, one was cancelled; the newest of some DAGs still run or wait.</summary>
    public static async Task FillAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            database,
            $"""
            insert into orchestration.node (node_id, host, boot_id, process_id, process_ticks, program_version, lease_until)
            values ('00000000-0000-0000-0000-000000000001', 'bench', '', 1, 1, '0', now() + interval '1 day');

            insert into orchestration.dag_run
              (dag_id, run_key, dag_version, run_type, logical_date, data_interval_start, data_interval_end, state, params, unfinished, created_by,
               queued_at, created_at, started_at, updated_at, ended_at)
            select dag_id, 'scheduled__' || to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 1, 'scheduled', at, at, at + interval '1 hour', state, '{"{}"}', 0, 'scheduler',
                   made, made, made, made + interval '1 minute', case when state in ('success', 'failed') then made + interval '1 minute' end
            from generate_series(0, {Runs} - 1) as number
            cross join lateral (
              select 'dag-' || to_char(number % {Dags}, 'FM000') as dag_id,
                     timestamptz '2026-01-01 00:00:00Z' + (number / {Dags}) * interval '1 hour' as at,
                     timestamptz '2026-01-01 01:00:00Z' + (number / {Dags}) * interval '1 hour' + (number % {Dags}) * interval '1 second' as made,
                     case
                       when number >= {Runs} - 50 then 'queued'
                       when number >= {Runs} - 200 then 'running'
                       when abs(hashtext(number::text)) % 100 < 9 then 'failed'
                       else 'success'
                     end as state
            ) as run
            order by number;

            insert into orchestration.task_instance
              (run_id, dag_id, task_id, state, upstream_total, pool, pool_slots, priority_weight, try_number, queued_at, started_at, ended_at, cause, message)
            select r.run_id, r.dag_id, 't' || task,
                   case when r.state = 'queued' then 'none' when r.state = 'running' then case task when 0 then 'running' else 'none' end
                     when r.state = 'failed' and task = {TasksPerRun} - 1 then 'failed' else 'success' end,
                   case task when 0 then 0 else 1 end, 'default_pool', 1, 1, case when r.state = 'queued' or (r.state = 'running' and task > 0) then 0 else 1 end,
                   r.queued_at, r.started_at, r.ended_at,
                   case when r.state = 'failed' and task = {TasksPerRun} - 1 then case when r.run_id % 9 = 0 then 'cancelled' else 'bad_data' end end,
                   case when r.state = 'failed' and task = {TasksPerRun} - 1 then 'line 4711 has 3 columns, expected 5' end
            from orchestration.dag_run r
            cross join generate_series(0, {TasksPerRun} - 1) as task
            order by r.run_id, task;

            insert into orchestration.task_attempt (task_instance_id, run_id, try_number, node_id, state, cause, message, outputs, started_at, ended_at)
            select task_instance_id, run_id, 1, '00000000-0000-0000-0000-000000000001', state, cause, message, case state when 'success' then '{"{\"tries\":1}"}'::jsonb end,
                   started_at, ended_at
            from orchestration.task_instance
            where state in ('running', 'success', 'failed')
            order by task_instance_id;

            update orchestration.task_instance t
            set attempt_id = a.attempt_id
            from orchestration.task_attempt a
            where a.task_instance_id = t.task_instance_id;

            insert into orchestration.event (occurred_at, kind, actor, dag_id, run_id, task_instance_id, attempt_id, task_id, state_before, state_after)
            select r.queued_at, 'run_state', 'scheduler', r.dag_id, r.run_id, null, null, null, null, 'queued'
            from orchestration.dag_run r
            union all
            select coalesce(t.ended_at, t.started_at, t.queued_at), 'task_state', 'node', t.dag_id, t.run_id, t.task_instance_id, t.attempt_id, t.task_id, step.before, step.after
            from orchestration.task_instance t
            cross join lateral (values ('none', 'queued'), ('queued', 'running'), ('running', t.state)) as step (before, after)
            where t.state in ('success', 'failed')
            union all
            select r.ended_at, 'run_state', 'node', r.dag_id, r.run_id, null, null, null, 'running', r.state
            from orchestration.dag_run r
            where r.ended_at is not null
            order by 5, 1;
            """,
            cancellationToken);
        await ExecuteAsync(database, "vacuum analyze", cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
