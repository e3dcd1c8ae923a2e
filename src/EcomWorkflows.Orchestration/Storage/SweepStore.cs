using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Finds what nobody else will finish: attempts of lost nodes, due retries, overdue runs.</summary>
public sealed class SweepStore(NpgsqlDataSource database, DagStore dags, CompletionStore completions, RerunStore reruns, TimeProvider time)
{
    private const int BatchSize = 500;

    private readonly Transitions transitions = new(dags);

    /// <summary>Fails the attempts of nodes whose lease has run out, with cause <c>worker_lost</c>; retry rules decide what follows.</summary>
    public async Task<int> FailLostAttemptsAsync(string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var lost = (await connection.QueryAsync<(long AttemptId, long RunId, int Check, string Host, int ProcessId)>(new CommandDefinition(
            """
            select a.attempt_id, a.run_id, a.checks, n.host, n.process_id
            from orchestration.task_instance t
            join orchestration.task_attempt a on a.attempt_id = t.attempt_id
            join orchestration.node n on n.node_id = a.node_id
            where t.state = 'running'
              and a.state = 'running'
              and (n.stopped_at is not null or n.lease_until <= clock_timestamp())
            order by a.attempt_id
            limit @BatchSize
            """,
            new { BatchSize }, cancellationToken: cancellationToken))).AsList();
        if (lost.Count == 0)
            return 0;
        // A publish that began under a good lease and hangs holds its attempt's row; ending its session rolls it back.
        await connection.ExecuteAsync(new CommandDefinition(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = any(@names)",
            new { names = lost.Select(l => AttemptStore.PublishSessionPrefix + l.AttemptId).ToArray() }, cancellationToken: cancellationToken));
        await completions.CompleteAsync(
            [.. lost.Select(l => AttemptOutcome.Failed(
                l.AttemptId, l.RunId, FailureCause.WorkerLost, $"the program that ran it (process {l.ProcessId} on {l.Host}) stopped or fell silent past its lease")
                with { Check = l.Check })],
            actor, cancellationToken);
        return lost.Count;
    }

    /// <summary>Queues instances whose wait is over: for the next try or check, for an event that was raised, for an answer that came or is overdue.</summary>
    public async Task<int> QueueDueAsync(string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var due = (await connection.QueryAsync<InstanceRow>(new CommandDefinition(
            """
            select t.task_instance_id, t.run_id, t.task_id, t.state, t.attempt_id
            from orchestration.task_instance t
            join orchestration.dag_run r on r.run_id = t.run_id
            where r.state = 'running'
              and (t.state in ('up_for_retry', 'up_for_reschedule', 'deferred', 'awaiting_input') and t.not_before <= @now
                or t.state = 'deferred' and exists (select from orchestration.raised_event e where e.event_key = t.event_key)
                or t.state = 'deferred' and t.event_key like 'run:%' and exists (
                  select from orchestration.dag_run other
                  where other.run_id = substring(t.event_key from '^run:([0-9]{1,18})$')::bigint and other.state in ('success', 'failed')))
            order by t.not_before
            limit @BatchSize
            for update of t skip locked
            """,
            new { now = time.GetUtcNow(), BatchSize }, transaction, cancellationToken: cancellationToken))).AsList();
        if (due.Count == 0)
            return 0;
        var runs = (await connection.QueryAsync<RunRow>(new CommandDefinition(
            "select run_id, dag_id, dag_version, state from orchestration.dag_run where run_id = any(@ids)",
            new { ids = due.Select(d => d.RunId).Distinct().ToArray() }, transaction, cancellationToken: cancellationToken))).ToDictionary(r => r.RunId);
        await Transitions.QueueAsync(transaction, runs, due, actor, cancellationToken);
        await QuestionStore.WithdrawAsync(transaction, [.. due.Where(d => d.AttemptId is not null).Select(d => d.AttemptId!.Value)], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return due.Count;
    }

    /// <summary>When the next waiting instance is due; null where none waits for a time.</summary>
    public async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<DateTime?>(new CommandDefinition(
            """
            select t.not_before
            from orchestration.task_instance t
            join orchestration.dag_run r on r.run_id = t.run_id
            where t.state in ('up_for_retry', 'up_for_reschedule', 'deferred', 'awaiting_input')
              and t.not_before is not null
              and r.state = 'running'
            order by t.not_before
            limit 1
            """,
            cancellationToken: cancellationToken)) is { } at ? new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc)) : null;
    }

    /// <summary>Ends runs that are older than their DAG's run timeout.</summary>
    public async Task<int> EndOverdueRunsAsync(string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var overdue = (await connection.QueryAsync<RunRow>(new CommandDefinition(
            """
            select run_id, dag_id, dag_version, state
            from orchestration.dag_run
            where state = 'running'
              and deadline <= clock_timestamp()
            """,
            cancellationToken: cancellationToken))).AsList();
        foreach (var run in overdue)
        {
            var limit = (await transitions.GraphAsync(run, cancellationToken)).Dag.Settings.RunTimeout;
            await reruns.EndAsync(run.RunId, FailureCause.Timeout, $"the run took longer than its limit of {limit}", actor, cancellationToken);
        }
        return overdue.Count;
    }
}
