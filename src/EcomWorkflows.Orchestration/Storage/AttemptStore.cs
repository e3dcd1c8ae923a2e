using System.Text.Json;
using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>What a running attempt does with the database: fenced publishing, reading upstream outputs, reporting progress.</summary>
public sealed class AttemptStore(NpgsqlDataSource database)
{
    /// <summary>Prefix of the session name a publishing attempt carries, so that the sweeper can end a publish that hangs past its lease.</summary>
    internal const string PublishSessionPrefix = "ecom publish ";

    /// <summary>
    /// Runs <paramref name="publish"/> in a transaction that first locks and checks its own attempt. The lock is held until the commit, so the attempt cannot be
    /// taken away in between: either the data is committed while the attempt is the owner, or not at all.
    /// </summary>
    /// <exception cref="AttemptFencedException">The attempt is not the owner any more; nothing was committed.</exception>
    public async Task PublishAsync(AttemptIdentity attempt, Func<PublishScope, CancellationToken, Task> publish, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            await PublishAsync(connection, attempt, publish, cancellationToken);
        }
        finally
        {
            await SessionReset.AfterForeignSqlAsync(connection);
        }
    }

    /// <summary>Outputs of the newest successful attempt of each instance of a task in a run, by map index.</summary>
    public async Task<IReadOnlyList<JsonElement>> ReadOutputsAsync(long runId, string taskId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<string>(new CommandDefinition(
            """
            select a.outputs::text
            from orchestration.task_instance t
            join orchestration.task_attempt a on a.attempt_id = t.attempt_id
            where t.run_id = @runId
              and t.task_id = @taskId
              and t.state = 'success'
              and a.outputs is not null
            order by t.map_index
            """,
            new { runId, taskId }, cancellationToken: cancellationToken));
        return [.. rows.Select(r => JsonDocument.Parse(r).RootElement)];
    }

    /// <summary>Writes the progress shown on the run page; ignored when the attempt is not the owner any more.</summary>
    public async Task WriteProgressAsync(long attemptId, double? fraction, string? message, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            with moved as (
              update orchestration.task_instance
              set progress = @fraction, progress_message = @message
              where attempt_id = @attemptId
                and state = 'running'
              returning run_id
            )
            select pg_notify(@RunChannel, run_id::text)
            from moved
            """,
            new { attemptId, fraction = (float?)fraction, message, Notifications.RunChannel }, cancellationToken: cancellationToken));
    }

    /// <summary>What an isolated child needs to run the attempt it was started for.</summary>
    /// <exception cref="NotFoundException">There is no such attempt, or it is not running any more.</exception>
    public async Task<ClaimedAttempt> GetRunningAsync(long attemptId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<ClaimedAttempt>(new CommandDefinition(
            """
            select a.attempt_id, t.task_instance_id, t.run_id, t.task_id, t.map_index, t.map_item::text as map_item, a.try_number,
                   a.try_number - t.user_tries - t.infra_tries as first_try, a.checks as check, a.memo::text as memo, a.answer::text as answer,
                   r.dag_id, r.run_key, r.run_type, r.dag_version, r.logical_date, r.data_interval_start, r.data_interval_end, r.params::text as params
            from orchestration.task_attempt a
            join orchestration.task_instance t on t.task_instance_id = a.task_instance_id
            join orchestration.dag_run r on r.run_id = t.run_id
            where a.attempt_id = @attemptId
              and a.state = 'running'
            """,
            new { attemptId }, cancellationToken: cancellationToken)) ?? throw new NotFoundException($"Attempt {attemptId} does not exist or is not running any more.");
    }

    private static async Task PublishAsync(
        NpgsqlConnection connection, AttemptIdentity attempt, Func<PublishScope, CancellationToken, Task> publish, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            // Between its statements a task may take its time; the sweep ends the session when the attempt is taken away.
            "select set_config('application_name', @name, true), set_config('idle_in_transaction_session_timeout', '0', true)",
            new { name = PublishSessionPrefix + attempt.AttemptId }, transaction, cancellationToken: cancellationToken));
        var owns = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            """
            select true
            from orchestration.task_attempt a
            join orchestration.node n on n.node_id = a.node_id
            where a.attempt_id = @AttemptId
              and a.state = 'running'
              and n.stopped_at is null
              and n.lease_until > clock_timestamp()
            for update of a
            """,
            new { attempt.AttemptId }, transaction, cancellationToken: cancellationToken));
        if (!owns)
            throw new AttemptFencedException(attempt.AttemptId, await ReasonAsync(transaction, attempt.AttemptId, cancellationToken));
        await publish(new PublishScope(connection, transaction, attempt), cancellationToken);
        await EventLog.WriteAsync(
            transaction,
            [new EventRow("publish", $"attempt:{attempt.AttemptId}")
            {
                DagId = attempt.DagId, RunId = attempt.RunId, AttemptId = attempt.AttemptId, TaskId = attempt.TaskId,
            }],
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<string> ReasonAsync(NpgsqlTransaction transaction, long attemptId, CancellationToken cancellationToken)
    {
        var state = await transaction.Connection!.QuerySingleOrDefaultAsync<(string State, string? Cause, bool LeaseExpired)?>(new CommandDefinition(
            """
            select a.state, a.cause, n.stopped_at is not null or n.lease_until <= clock_timestamp()
            from orchestration.task_attempt a
            join orchestration.node n on n.node_id = a.node_id
            where a.attempt_id = @attemptId
            """,
            new { attemptId }, transaction, cancellationToken: cancellationToken));
        return state switch
        {
            null => "it does not exist",
            { State: "running", LeaseExpired: true } => "its node's lease has run out",
            { } ended => $"it has ended as {ended.State}{(ended.Cause is null ? "" : $" ({ended.Cause})")}",
        };
    }
}
