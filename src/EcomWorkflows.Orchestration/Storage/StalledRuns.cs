using Dapper;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Runs that have something unfinished, of which nothing is queued, runs or waits for time, an event or a person; those of paused DAGs wait for their DAG.</summary>
public sealed class StalledRuns(NpgsqlDataSource database, DagStore dags, RerunStore reruns)
{
    private readonly Transitions transitions = new(dags);

    /// <summary>Derives such runs anew, so that what can run goes on; where nothing can, the run fails and says so (deadlock).</summary>
    /// <param name="after">How long nothing must have happened in a run before it is looked at.</param>
    /// <returns>How many runs were stalled.</returns>
    public async Task<int> ResolveAsync(TimeSpan after, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var stalled = (await connection.QueryAsync<long>(new CommandDefinition(
            """
            select r.run_id
            from orchestration.dag_run r
            join orchestration.dag d on d.dag_id = r.dag_id
            where r.state = 'running'
              and not d.is_paused
              and r.updated_at <= clock_timestamp() - @after
              and not exists (
                select 1
                from orchestration.task_instance t
                where t.run_id = r.run_id
                  and t.state in ('scheduled', 'queued', 'running', 'restarting', 'up_for_retry', 'up_for_reschedule', 'deferred', 'awaiting_input'))
            order by r.run_id
            """,
            new { after }, cancellationToken: cancellationToken))).AsList();
        foreach (var runId in stalled)
        {
            if (await DeriveAsync(connection, runId, actor, cancellationToken) is { Count: > 0 } stuck)
                await reruns.EndAsync(runId, FailureCause.UserError, $"deadlock: nothing is left that could run; undecided: {string.Join(", ", stuck.Take(5))}", actor, cancellationToken);
        }
        return stalled.Count;
    }

    /// <returns>The tasks that stay undecided although nothing goes on; empty where the run goes on or has ended.</returns>
    private async Task<IReadOnlyList<string>> DeriveAsync(NpgsqlConnection connection, long runId, string actor, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var edit = await RunEdit.OpenAsync(transaction, transitions, runId, cancellationToken);
        if (edit.Run.State != RunState.Running.ToWire() || edit.Rows.Values.Any(r => !r.TaskState.IsFinished() && r.TaskState != TaskState.None))
            return [];
        await InstanceStates.WriteAsync(transaction, runId, [], edit.Derive(), cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            update orchestration.dag_run r
            set updated_at = clock_timestamp(),
                unfinished = (
                  select count(*)
                  from orchestration.task_instance t
                  where t.run_id = r.run_id
                    and t.state not in ('success', 'failed', 'skipped', 'upstream_failed', 'removed'))
            where r.run_id = @runId
            """,
            new { runId }, transaction, cancellationToken: cancellationToken));
        await transitions.DecideAsync(transaction, new Dictionary<long, RunRow> { [runId] = edit.Run }, actor, cancellationToken);
        var states = (await connection.QueryAsync<(string TaskId, string State)>(new CommandDefinition(
            "select task_id, state from orchestration.task_instance where run_id = @runId", new { runId }, transaction, cancellationToken: cancellationToken))).AsList();
        await transaction.CommitAsync(cancellationToken);
        var unfinished = states.Where(s => !StateNames.Parse<TaskState>(s.State).IsFinished()).ToList();
        return unfinished.TrueForAll(s => s.State == TaskState.None.ToWire()) ? [.. unfinished.Select(s => s.TaskId)] : [];
    }
}
