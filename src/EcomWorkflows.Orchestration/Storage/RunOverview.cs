using Dapper;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Reads runs for lists: pages with totals, and the newest runs of every DAG at once.</summary>
public sealed class RunOverview(NpgsqlDataSource database)
{
    private const string Columns =
        """
        r.run_id, r.dag_id, r.run_key, r.dag_version, r.run_type, r.logical_date, r.data_interval_start, r.data_interval_end, r.state, r.params::text as params,
        r.clear_number, r.generation, r.unfinished, r.message, r.note, r.created_by, r.queued_at, r.started_at, r.ended_at, r.updated_at
        """;

    /// <summary>The newest runs of some DAGs, newest first.</summary>
    public async Task<ILookup<string, RunInfo>> NewestAsync(IReadOnlyCollection<string> dagIds, int perDag, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var runs = await connection.QueryAsync<RunInfo>(new CommandDefinition(
            $"""
            select {Columns}
            from unnest(@dagIds) as d (dag_id)
            cross join lateral (
              select *
              from orchestration.dag_run
              where dag_id = d.dag_id
              order by run_id desc
              limit @perDag
            ) r
            order by r.run_id desc
            """,
            new { dagIds = dagIds.ToArray(), perDag }, cancellationToken: cancellationToken));
        return runs.ToLookup(r => r.DagId);
    }

    /// <summary>One page of runs, newest first unless asked otherwise, and how many there are in all; every filter is optional.</summary>
    public async Task<(IReadOnlyList<RunInfo> Runs, int Total)> PageAsync(
        string? dagId, IReadOnlyList<string> states, bool oldestFirst, int limit, int offset, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var parameters = new { dagId, states = states.ToArray(), limit, offset };
        // Only conditions that are asked for: without any, both statements read the key's index alone, however far back the page is.
        var fits = $"{(dagId is null ? "true" : "r.dag_id = @dagId")} and {(states.Count == 0 ? "true" : "r.state = any(@states)")}";
        var direction = oldestFirst ? "asc" : "desc";
        var total = await connection.ExecuteScalarAsync<int>(new CommandDefinition(
            $"select count(*) from orchestration.dag_run r where {fits}", parameters, cancellationToken: cancellationToken));
        var runs = await connection.QueryAsync<RunInfo>(new CommandDefinition(
            $"""
            with chosen as (
              select r.run_id
              from orchestration.dag_run r
              where {fits}
              order by r.run_id {direction}
              limit @limit
              offset @offset
            )
            select {Columns}
            from chosen
            join orchestration.dag_run r on r.run_id = chosen.run_id
            order by r.run_id {direction}
            """,
            parameters, cancellationToken: cancellationToken));
        return (runs.AsList(), total);
    }

    /// <summary>States of the task instances of several runs, for grids.</summary>
    public async Task<ILookup<long, TaskInstanceInfo>> InstancesAsync(IReadOnlyCollection<long> runIds, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var instances = await connection.QueryAsync<TaskInstanceInfo>(new CommandDefinition(
            """
            select task_instance_id, run_id, dag_id, task_id, map_index, state, try_number, started_at, ended_at, message
            from orchestration.task_instance
            where run_id = any(@runIds)
            order by task_instance_id
            """,
            new { runIds = runIds.ToArray() }, cancellationToken: cancellationToken));
        return instances.ToLookup(i => i.RunId);
    }
}
