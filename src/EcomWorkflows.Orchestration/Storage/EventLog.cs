using System.Text.Json;
using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Writes and reads the event log; rows are written by the transaction that made the change.</summary>
public sealed class EventLog(NpgsqlDataSource database)
{
    private const long NewestEvents = 10_000;

    private volatile Counted counted = new(First: -1, UpTo: 0, Count: 0);

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

    /// <summary>Records what somebody did outside the orchestrator's own tables, in the transaction that does it.</summary>
    /// <param name="kind">What happened, for example <c>account_added</c>.</param>
    /// <param name="details">Becomes JSON; never a secret.</param>
    public static Task RecordAsync(
        NpgsqlTransaction transaction, string kind, string actor, string? before, string? after, object details, CancellationToken cancellationToken) =>
        WriteAsync(
            transaction, [new EventRow(kind, actor) { Before = before, After = after, Details = JsonSerializer.Serialize(details, TaskJson.Options) }], cancellationToken);

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
        if (dagId is null && runId is null && taskId is null)
            return await CountAllAsync(cancellationToken);
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

    /// <summary>Rows are only ever added, so the old ones are counted once; the newest, among which a slow transaction may still put one, are counted each time.</summary>
    private async Task<long> CountAllAsync(CancellationToken cancellationToken)
    {
        var known = counted;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var (first, settled, old, newer) = await connection.QuerySingleAsync<(long First, long Settled, long Old, long Newer)>(new CommandDefinition(
            """
            with bounds as (
              select coalesce(min(event_id), 0) as first, greatest(coalesce(max(event_id), 0) - @NewestEvents, @known) as settled
              from orchestration.event
            )
            select first, settled,
                   (select count(*) from orchestration.event where event_id > case when first = @knownFirst then @known else 0 end and event_id <= settled),
                   (select count(*) from orchestration.event where event_id > settled)
            from bounds
            """,
            new { NewestEvents, known = known.UpTo, knownFirst = known.First }, cancellationToken: cancellationToken));
        var count = old + (first == known.First ? known.Count : 0);
        counted = new Counted(first, settled, count);
        return count + newer;
    }

    /// <param name="First">The oldest row that was counted; another one means that old rows were taken away.</param>
    private sealed record Counted(long First, long UpTo, long Count);
}
