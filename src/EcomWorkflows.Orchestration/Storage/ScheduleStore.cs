using Dapper;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Scheduling;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>When each DAG is due next, as one indexed column: finding what is due costs the same for one DAG and for thousands.</summary>
public sealed class ScheduleStore(NpgsqlDataSource database)
{
    /// <summary>Locks the DAG's row here before anything locks the DAG itself: the scheduler takes them in this order too, so the two never deadlock.</summary>
    internal static Task LockAsync(NpgsqlTransaction transaction, string dagId, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "select from orchestration.dag_schedule where dag_id = @dagId for update", new { dagId }, transaction, cancellationToken: cancellationToken));

    /// <summary>Notes what a DAG's new version says about its schedule; a changed one counts from now on.</summary>
    internal static Task ApplyAsync(NpgsqlTransaction transaction, Dag dag, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into orchestration.dag_schedule as s (dag_id, signature, next_due)
            values (@DagId, @signature, @firstLook)
            on conflict (dag_id) do update
            set effective_from = case when s.signature is distinct from excluded.signature then now() else s.effective_from end,
                signature = excluded.signature,
                next_due = excluded.next_due,
                problem = null
            """,
            new
            {
                dag.DagId, signature = ScheduleSignature.Of(dag.Settings),
                firstLook = dag.Settings.Schedule.Count > 0 ? DateTime.MinValue : (DateTime?)null,
            },
            transaction, cancellationToken: cancellationToken));

    /// <summary>Locks DAGs whose time has come, those waiting longest first; rows another node is at are left to it.</summary>
    /// <param name="seen">DAGs looked at already: one whose limit is reached stays due.</param>
    internal static async Task<IReadOnlyList<DueDag>> LockDueAsync(
        NpgsqlTransaction transaction, DateTimeOffset now, IReadOnlyCollection<string> seen, int limit, CancellationToken cancellationToken) =>
        (await transaction.Connection!.QueryAsync<DueDag>(new CommandDefinition(
            """
            select s.dag_id, d.current_version, d.created_at, s.effective_from, s.last_start, s.last_end,
                   (select count(*)::int
                    from orchestration.dag_run r
                    where r.dag_id = s.dag_id
                      and r.state in ('queued', 'running')
                      and r.backfill_id is null) as active_runs
            from orchestration.dag_schedule s
            join orchestration.dag d on d.dag_id = s.dag_id
            where s.next_due <= @now
              and not d.is_paused
              and d.is_active
              and s.dag_id <> all(@seen)
            order by s.next_due, s.dag_id
            limit @limit
            for update of s skip locked
            """,
            new { now = now.UtcDateTime, seen = seen.ToArray(), limit }, transaction, cancellationToken: cancellationToken))).AsList();

    internal static Task WriteAsync(NpgsqlTransaction transaction, IReadOnlyCollection<DueDagOutcome> outcomes, CancellationToken cancellationToken) =>
        outcomes.Count == 0 ? Task.CompletedTask : transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update orchestration.dag_schedule s
            set last_start = coalesce(looked.last_start, s.last_start), last_end = coalesce(looked.last_end, s.last_end),
                next_due = looked.next_due, problem = looked.problem
            from unnest(@Ids, @Starts, @Ends, @NextDue, @Problems) as looked (dag_id, last_start, last_end, next_due, problem)
            where s.dag_id = looked.dag_id
            """,
            new
            {
                Ids = outcomes.Select(o => o.DagId).ToArray(),
                Starts = outcomes.Select(o => o.Last?.Start.ToUniversalTime()).ToArray(),
                Ends = outcomes.Select(o => o.Last?.End.ToUniversalTime()).ToArray(),
                NextDue = outcomes.Select(o => o.NextDue?.ToUniversalTime()).ToArray(),
                Problems = outcomes.Select(o => o.Problem).ToArray(),
            },
            transaction, cancellationToken: cancellationToken));

    /// <summary>When the next DAG is due that nothing holds back; null when none is.</summary>
    public async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<DateTime?>(new CommandDefinition(
            """
            select min(s.next_due)
            from orchestration.dag_schedule s
            join orchestration.dag d on d.dag_id = s.dag_id
            where s.next_due > '-infinity'
              and not d.is_paused
              and d.is_active
            """,
            cancellationToken: cancellationToken)) is { } at ? new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc)) : null;
    }

    /// <summary>Why the DAG's last due run could not be made; null where it could.</summary>
    public async Task<string?> ProblemAsync(string dagId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "select problem from orchestration.dag_schedule where dag_id = @dagId", new { dagId }, cancellationToken: cancellationToken));
    }
}
