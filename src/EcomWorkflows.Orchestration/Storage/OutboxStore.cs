using Dapper;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>The outbox: gives callbacks to senders, each to one at a time, and keeps what came of them.</summary>
public sealed class OutboxStore(NpgsqlDataSource database)
{
    private const string Columns =
        """
        c.callback_id, c.idempotency_key, c.event, c.dag_id, c.run_id, r.run_key, r.logical_date, c.task_id, c.attempt_id, c.channel, c.target, c.connection,
        c.facts::text as facts, c.state, c.tries, c.not_before, c.last_error, c.created_at, c.ended_at
        """;

    /// <summary>Claims callbacks that are due; each is another sender's only after <paramref name="lease"/>, should this one fall silent.</summary>
    internal async Task<IReadOnlyList<CallbackInfo>> ClaimAsync(int limit, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<CallbackInfo>(new CommandDefinition(
            $"""
            with due as (
              select callback_id
              from orchestration.callback
              where state = 'pending'
                and not_before <= clock_timestamp()
              order by not_before, callback_id
              limit @limit
              for update skip locked
            ),
            claimed as (
              update orchestration.callback c
              set tries = c.tries + 1, not_before = clock_timestamp() + @lease
              from due
              where c.callback_id = due.callback_id
              returning c.*
            )
            select {Columns}
            from claimed c
            join orchestration.dag_run r on r.run_id = c.run_id
            order by c.callback_id
            """,
            new { limit, lease }, cancellationToken: cancellationToken))).AsList();
    }

    internal Task DeliveredAsync(CallbackInfo callback, CancellationToken cancellationToken) => EndAsync(callback, "delivered", null, cancellationToken);

    /// <summary>Gives a callback up; it stays to be seen.</summary>
    internal Task BuryAsync(CallbackInfo callback, string error, CancellationToken cancellationToken) => EndAsync(callback, "dead", error, cancellationToken);

    internal async Task PostponeAsync(CallbackInfo callback, TimeSpan wait, string error, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            update orchestration.callback
            set not_before = clock_timestamp() + @wait, last_error = @error
            where callback_id = @CallbackId and tries = @Tries and state = 'pending'
            """,
            new { callback.CallbackId, callback.Tries, wait, error }, cancellationToken: cancellationToken));
    }

    /// <summary>Callbacks, newest first.</summary>
    /// <param name="state"><c>pending</c>, <c>delivered</c>, <c>dead</c>, or null for all.</param>
    public async Task<IReadOnlyList<CallbackInfo>> ListAsync(string? dagId, string? state, int limit, int offset, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<CallbackInfo>(new CommandDefinition(
            $"""
            select {Columns}
            from orchestration.callback c
            join orchestration.dag_run r on r.run_id = c.run_id
            where (@dagId::text is null or c.dag_id = @dagId)
              and (@state::text is null or c.state = @state)
            order by c.callback_id desc
            limit @limit offset @offset
            """,
            new { dagId, state, limit, offset }, cancellationToken: cancellationToken))).AsList();
    }

    private async Task EndAsync(CallbackInfo callback, string state, string? error, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var ended = await connection.ExecuteAsync(new CommandDefinition(
            """
            update orchestration.callback
            set state = @state, last_error = @error, ended_at = clock_timestamp()
            where callback_id = @CallbackId and tries = @Tries and state = 'pending'
            """,
            new { callback.CallbackId, callback.Tries, state, error }, transaction, cancellationToken: cancellationToken));
        if (ended == 1)
        {
            await EventLog.WriteAsync(
                transaction,
                [new EventRow($"callback_{state}", "outbox")
                {
                    DagId = callback.DagId, RunId = callback.RunId, TaskId = callback.TaskId, AttemptId = callback.AttemptId,
                    Details = System.Text.Json.JsonSerializer.Serialize(new { callback.CallbackId, callback.Event, callback.Channel, callback.Tries, error }, Tasks.TaskJson.Options),
                }],
                cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
    }
}
