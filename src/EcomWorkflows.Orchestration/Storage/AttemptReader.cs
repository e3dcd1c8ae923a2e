using Dapper;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Finds where attempts and task instances belong.</summary>
public sealed class AttemptReader(NpgsqlDataSource database)
{
    /// <summary>The run of an attempt, or of a task instance.</summary>
    /// <exception cref="NotFoundException">There is no such attempt or task instance.</exception>
    public async Task<long> RunOfAsync(long? attemptId, long? taskInstanceId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(
            """
            select run_id from orchestration.task_attempt where attempt_id = @attemptId
            union all
            select run_id from orchestration.task_instance where task_instance_id = @taskInstanceId
            limit 1
            """,
            new { attemptId, taskInstanceId }, cancellationToken: cancellationToken))
            ?? throw new NotFoundException(attemptId is null ? $"There is no task instance {taskInstanceId}." : $"There is no attempt {attemptId}.");
    }
}
