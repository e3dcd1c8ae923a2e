using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>The attempts that have not ended. One whose program died is among them until a sweep finds it.</summary>
public sealed class OpenAttempts(NpgsqlDataSource database) : IOpenAttempts
{
    public async Task<IReadOnlyList<OpenAttempt>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. (await connection.QueryAsync<(long AttemptId, DateTime StartedAt, bool IsRunning)>(new CommandDefinition(
            """
            select attempt_id, started_at, state = 'running'
            from orchestration.task_attempt
            where ended_at is null
            order by attempt_id
            """,
            cancellationToken: cancellationToken))).Select(a => new OpenAttempt(a.AttemptId, new DateTimeOffset(a.StartedAt), a.IsRunning))];
    }
}
