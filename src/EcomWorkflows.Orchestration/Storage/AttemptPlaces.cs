using Dapper;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Finds the run and task of attempts that are known by their numbers only, as published data names them.</summary>
public sealed class AttemptPlaces(NpgsqlDataSource database)
{
    /// <summary>By attempt; attempts that are no longer there are left out.</summary>
    public async Task<IReadOnlyDictionary<long, AttemptPlace>> FindAsync(IEnumerable<long> attemptIds, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var places = await connection.QueryAsync<AttemptPlace>(new CommandDefinition(
            """
            select a.attempt_id, r.run_id, r.dag_id, r.run_key, t.task_id, t.map_index, a.try_number, a.state
            from orchestration.task_attempt a
            join orchestration.task_instance t on t.task_instance_id = a.task_instance_id
            join orchestration.dag_run r on r.run_id = t.run_id
            where a.attempt_id = any(@ids)
            """,
            new { ids = attemptIds.Distinct().ToArray() }, cancellationToken: cancellationToken));
        return places.ToDictionary(p => p.AttemptId);
    }
}
