using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>The attempts of which the event log tells no publish; it is written in the transaction of the publish itself.</summary>
public sealed class UnpublishedAttempts(NpgsqlDataSource database) : IUnpublishedAttempts
{
    public async Task<bool> HasAsync(long attemptId, string dagId, string runKey, DateTimeOffset madeAt, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            """
            select exists (
              select
              from orchestration.task_attempt a
              join orchestration.dag_run r on r.run_id = a.run_id
              where a.attempt_id = @attemptId
                and a.started_at <= @madeAt
                and r.dag_id = @dagId
                and r.run_key = @runKey
                and not exists (
                  select
                  from orchestration.event e
                  where e.run_id = a.run_id
                    and e.attempt_id = a.attempt_id
                    and e.kind = 'publish'))
            """,
            new { attemptId, dagId, runKey, madeAt }, cancellationToken: cancellationToken));
    }
}
