using Dapper;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Writes and reads the event log; rows are written by the transaction that made the change.</summary>
public sealed class EventLog(NpgsqlDataSource database)
{
    internal const string Insert =
        """
        insert into orchestration.event
          (kind, actor, dag_id, run_id, task_instance_id, attempt_id, task_id, state_before, state_after, details)
        select kind, actor, dag_id, run_id, task_instance_id, attempt_id, task_id, state_before, state_after, details::jsonb
        from unnest(@Kinds, @Actors, @DagIds, @RunIds, @InstanceIds, @AttemptIds, @TaskIds, @Befores, @Afters, @Details)
          as row (kind, actor, dag_id, run_id, task_instance_id, attempt_id, task_id, state_before, state_after, details)
        """;

    internal static object Parameters(IReadOnlyCollection<EventRow> rows) => new
    {
        Kinds = rows.Select(r => r.Kind).ToArray(),
        Actors = rows.Select(r => r.Actor).ToArray(),
        DagIds = rows.Select(r => r.DagId).ToArray(),
        RunIds = rows.Select(r => r.RunId).ToArray(),
        InstanceIds = rows.Select(r => r.TaskInstanceId).ToArray(),
        AttemptIds = rows.Select(r => r.AttemptId).ToArray(),
        TaskIds = rows.Select(r => r.TaskId).ToArray(),
        Befores = rows.Select(r => r.Before).ToArray(),
        Afters = rows.Select(r => r.After).ToArray(),
        Details = rows.Select(r => r.Details).ToArray(),
    };

    internal static Task WriteAsync(NpgsqlTransaction transaction, IReadOnlyCollection<EventRow> rows, CancellationToken cancellationToken) =>
        rows.Count == 0
            ? Task.CompletedTask
            : transaction.Connection!.ExecuteAsync(new CommandDefinition(Insert, Parameters(rows), transaction, cancellationToken: cancellationToken));

    /// <summary>Events, newest first; all filters optional.</summary>
    public async Task<IReadOnlyList<EventInfo>> ListAsync(
        string? dagId, long? runId, string? taskId, int limit, long? beforeEventId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<EventInfo>(new CommandDefinition(
            """
            select event_id, occurred_at, kind, actor, dag_id, run_id, task_instance_id, attempt_id, task_id, state_before, state_after, details::text as details
            from orchestration.event
            where (@dagId::text is null or dag_id = @dagId)
              and (@runId::bigint is null or run_id = @runId)
              and (@taskId::text is null or task_id = @taskId)
              and (@beforeEventId::bigint is null or event_id < @beforeEventId)
            order by event_id desc
            limit @limit
            """,
            new { dagId, runId, taskId, limit, beforeEventId }, cancellationToken: cancellationToken))).AsList();
    }

    /// <summary>How many events there are in all; all filters optional.</summary>
    public async Task<long> CountAsync(string? dagId, long? runId, string? taskId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            """
            select count(*)
            from orchestration.event
            where (@dagId::text is null or dag_id = @dagId)
              and (@runId::bigint is null or run_id = @runId)
              and (@taskId::text is null or task_id = @taskId)
            """,
            new { dagId, runId, taskId }, cancellationToken: cancellationToken));
    }
}
