using EcomWorkflows.Pipeline.Tests.Features;
using Npgsql;

namespace EcomWorkflows.Pipeline.Tests.Training;

/// <summary>Attempts of the bench as the orchestrator knows them, with their run and without the node and the task they refer to.</summary>
internal static class AttemptRows
{
    /// <summary>An attempt that began an hour before the bench's time, of the run that <see cref="StageBench.Context"/> names.</summary>
    public static async Task AddAsync(StageBench bench, long attempt, string state, long run = 1)
    {
        await using NpgsqlCommand command = bench.Get<NpgsqlDataSource>().CreateCommand(
            $"""
            set session_replication_role = replica;
            insert into orchestration.dag_run (run_id, dag_id, dag_version, run_key, run_type, logical_date, data_interval_start, data_interval_end, state, params, unfinished, created_by)
            overriding system value
            values ({run}, 'churn-daily', 1, 'manual__{run}', 'manual', now(), now(), now(), 'running', '{"{}"}', 1, 'test')
            on conflict do nothing;
            insert into orchestration.task_attempt (attempt_id, task_instance_id, run_id, try_number, node_id, state, started_at, ended_at)
            overriding system value
            values ({attempt}, {attempt}, {run}, 1, gen_random_uuid(), '{state}', '{bench.Time.Now.AddHours(-1):O}', {(state == "running" ? "null" : "now()")});
            reset session_replication_role;
            """);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>What the log tells of an attempt whose publish was committed.</summary>
    public static async Task TellOfPublishAsync(StageBench bench, long attempt, long run = 1)
    {
        await using NpgsqlCommand command = bench.Get<NpgsqlDataSource>().CreateCommand(
            $"insert into orchestration.event (kind, actor, run_id, attempt_id) values ('publish', 'attempt:{attempt}', {run}, {attempt})");
        await command.ExecuteNonQueryAsync();
    }
}
