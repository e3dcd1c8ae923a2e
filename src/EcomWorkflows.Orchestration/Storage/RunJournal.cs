using Dapper;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>The event log of one run, oldest first.</summary>
public sealed class RunJournal(NpgsqlDataSource database)
{
    private const string Fits =
        """
            e.run_id = @runId
        and (case when e.task_id is null then @WithRunEvents else @TaskIds::text[] is null or e.task_id = any(@TaskIds) end)
        and (
          @Kinds::text[] is null
          or (e.kind, coalesce(e.state_after, ''), coalesce(e.details->>'cause', '') = 'cancelled') in (
            select kind, state_after, cancelled
            from unnest(@Kinds::text[], @Afters::text[], @Cancelled::boolean[]) as wanted (kind, state_after, cancelled)
          )
        )
        """;

    /// <summary>One page of events, and how many fit in all.</summary>
    public async Task<(IReadOnlyList<JournalEntry> Entries, int Total)> PageAsync(
        long runId, JournalFilter filter, int limit, int offset, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var parameters = new
        {
            runId,
            filter.WithRunEvents,
            TaskIds = filter.TaskIds?.ToArray(),
            Kinds = filter.Kinds?.Select(k => k.Kind).ToArray(),
            Afters = filter.Kinds?.Select(k => k.After).ToArray(),
            Cancelled = filter.Kinds?.Select(k => k.Cancelled).ToArray(),
            limit,
            offset,
        };
        var total = await connection.ExecuteScalarAsync<int>(new CommandDefinition(
            $"select count(*) from orchestration.event e where {Fits}", parameters, cancellationToken: cancellationToken));
        var entries = await connection.QueryAsync<JournalEntry>(new CommandDefinition(
            $"""
            select e.event_id, e.occurred_at, e.kind, e.actor, e.task_instance_id, t.map_index, e.attempt_id, a.try_number, e.task_id, e.state_before, e.state_after,
                   e.details::text as details, a.exception, case when t.attempt_id = e.attempt_id then (t.routing->'ports')::text end as ports, coalesce(e.details->>'cause', '') = 'cancelled' as is_cancelled
            from orchestration.event e
            left join orchestration.task_attempt a on a.attempt_id = e.attempt_id
            left join orchestration.task_instance t on t.task_instance_id = e.task_instance_id
            where {Fits}
            order by e.event_id
            limit @limit
            offset @offset
            """,
            parameters, cancellationToken: cancellationToken));
        return (entries.AsList(), total);
    }
}
