using Dapper;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Reads runs, task instances and attempts for people and APIs.</summary>
public sealed class RunReader(NpgsqlDataSource database)
{
    private const string RunColumns =
        """
        run_id, dag_id, run_key, dag_version, run_type, logical_date, data_interval_start, data_interval_end, state, params::text as params, clear_number, generation,
        unfinished, message, note, created_by, queued_at, started_at, ended_at, updated_at
        """;

    private const string AttemptColumns =
        """
        a.attempt_id, a.task_instance_id, a.run_id, t.task_id, t.map_index, a.try_number, a.node_id, a.state, a.cause, a.message, a.exception,
        a.outputs::text as outputs, a.started_at, a.ended_at
        """;

    /// <summary>Runs, newest first; every filter optional; <paramref name="beforeRunId"/> pages on.</summary>
    public async Task<IReadOnlyList<RunInfo>> ListAsync(
        string? dagId, string? state, int limit, long? beforeRunId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<RunInfo>(new CommandDefinition(
            $"""
            select {RunColumns}
            from orchestration.dag_run
            where (@dagId::text is null or dag_id = @dagId)
              and (@state::text is null or state = @state)
              and (@beforeRunId::bigint is null or run_id < @beforeRunId)
            order by run_id desc
            limit @limit
            """,
            new { dagId, state, limit, beforeRunId }, cancellationToken: cancellationToken))).AsList();
    }

    /// <exception cref="NotFoundException">There is no such run.</exception>
    public async Task<RunInfo> GetAsync(long runId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<RunInfo>(new CommandDefinition(
            $"select {RunColumns} from orchestration.dag_run where run_id = @runId", new { runId }, cancellationToken: cancellationToken))
            ?? throw new NotFoundException($"There is no run {runId}.");
    }

    /// <exception cref="NotFoundException">The DAG has no run of that name.</exception>
    public async Task<RunInfo> GetAsync(string dagId, string runKey, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<RunInfo>(new CommandDefinition(
            $"select {RunColumns} from orchestration.dag_run where dag_id = @dagId and run_key = @runKey",
            new { dagId, runKey }, cancellationToken: cancellationToken))
            ?? throw new NotFoundException($"DAG '{dagId}' has no run '{runKey}'.");
    }

    /// <summary>Task instances of a run, in the order they were created (upstreams first).</summary>
    public async Task<IReadOnlyList<TaskInstanceInfo>> TaskInstancesAsync(long runId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<TaskInstanceInfo>(new CommandDefinition(
            """
            select t.task_instance_id, t.run_id, t.dag_id, t.task_id, t.map_index, t.state, t.try_number, t.user_tries, t.infra_tries, t.attempt_id, t.pool, t.pool_slots,
                   t.priority_weight, t.note, t.not_before, t.queued_at, t.started_at, t.ended_at, t.cause, t.message, t.progress::float8 as progress,
                   t.progress_message, case when t.state = 'success' then a.outputs::text end as outputs, (t.routing->'ports')::text as ports
            from orchestration.task_instance t
            left join orchestration.task_attempt a on a.attempt_id = t.attempt_id
            where t.run_id = @runId
            order by t.task_instance_id
            """,
            new { runId }, cancellationToken: cancellationToken))).AsList();
    }

    /// <summary>Attempts of a run's task instances, oldest first.</summary>
    public async Task<IReadOnlyList<AttemptInfo>> AttemptsAsync(long runId, string? taskId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<AttemptInfo>(new CommandDefinition(
            $"""
            select {AttemptColumns}
            from orchestration.task_attempt a
            join orchestration.task_instance t on t.task_instance_id = a.task_instance_id
            where a.run_id = @runId
              and (@taskId::text is null or t.task_id = @taskId)
            order by a.attempt_id
            """,
            new { runId, taskId }, cancellationToken: cancellationToken))).AsList();
    }

    /// <summary>One attempt by its task and try number.</summary>
    /// <exception cref="NotFoundException">There is no such attempt.</exception>
    public async Task<AttemptInfo> AttemptAsync(long runId, string taskId, int mapIndex, int tryNumber, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<AttemptInfo>(new CommandDefinition(
            $"""
            select {AttemptColumns}
            from orchestration.task_attempt a
            join orchestration.task_instance t on t.task_instance_id = a.task_instance_id
            where a.run_id = @runId
              and t.task_id = @taskId
              and t.map_index = @mapIndex
              and a.try_number = @tryNumber
            """,
            new { runId, taskId, mapIndex, tryNumber }, cancellationToken: cancellationToken))
            ?? throw new NotFoundException($"Run {runId} has no try {tryNumber} of task '{taskId}'.");
    }
}
