using Dapper;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Task logs as rows: written in batches, readable live from any node, kept per attempt.</summary>
public sealed class LogStore(NpgsqlDataSource database)
{
    /// <summary>Rows of attempts that are gone (their run was deleted) are left out, and those that were sent before and are there.</summary>
    internal const string Insert =
        """
        insert into orchestration.attempt_log (attempt_id, logged_at, level, category, message, fields, exception)
        select row.attempt_id, logged_at, level, category, message, fields::jsonb, exception
        from unnest(@AttemptIds, @Times, @Levels, @Categories, @Messages, @Fields, @Exceptions, @MayBeWritten) with ordinality
          as row (attempt_id, logged_at, level, category, message, fields, exception, may_be_written, position)
        where exists (select from orchestration.task_attempt a where a.attempt_id = row.attempt_id)
          and not (
            may_be_written
            and exists (
              select from orchestration.attempt_log l
              where l.attempt_id = row.attempt_id and l.logged_at = row.logged_at and l.message = row.message
            )
          )
        order by position
        """;

    internal static object Parameters(IReadOnlyList<LogRow> rows) => new
    {
        AttemptIds = rows.Select(r => r.AttemptId).ToArray(),
        Times = rows.Select(r => r.LoggedAt.UtcDateTime).ToArray(),
        Levels = rows.Select(r => r.Level).ToArray(),
        Categories = rows.Select(r => r.Category).ToArray(),
        Messages = rows.Select(r => r.Message).ToArray(),
        Fields = rows.Select(r => r.Fields).ToArray(),
        Exceptions = rows.Select(r => r.Exception).ToArray(),
        MayBeWritten = rows.Select(r => r.MayBeWritten).ToArray(),
    };

    public async Task AppendAsync(IReadOnlyList<LogRow> rows, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var change = new Change(transaction);
        // Not waiting for the disk is safe: the commit that ends the attempt comes later and takes these rows to the disk with it.
        change.Call("select set_config('synchronous_commit', 'off', true)", new { });
        change.Send(Insert, Parameters(rows));
        await change.CommitAsync(cancellationToken);
    }

    /// <summary>Rows of an attempt after <paramref name="afterLogId"/>, oldest first.</summary>
    public async Task<IReadOnlyList<LogInfo>> ReadAsync(long attemptId, long afterLogId, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<LogInfo>(new CommandDefinition(
            """
            select log_id, attempt_id, logged_at, level, category, message, fields::text as fields, exception
            from orchestration.attempt_log
            where attempt_id = @attemptId
              and log_id > @afterLogId
            order by log_id
            limit @limit
            """,
            new { attemptId, afterLogId, limit }, cancellationToken: cancellationToken))).AsList();
    }
}
