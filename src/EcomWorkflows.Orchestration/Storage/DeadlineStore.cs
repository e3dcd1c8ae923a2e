using Dapper;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Finds runs and tasks that have not ended by their deadline, counted from the start of the run; each is reported once.</summary>
public sealed class DeadlineStore(NpgsqlDataSource database, DagStore dags, TimeProvider time)
{
    private const int BatchSize = 500;

    /// <returns>How many deadlines were missed.</returns>
    public async Task<int> ReportAsync(string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var now = time.GetUtcNow();
        var due = (await connection.QueryAsync<Row>(new CommandDefinition(
            """
            select run_id, dag_id, dag_version, state, started_at, nullif(next_deadline, '-infinity') as looked_at
            from orchestration.dag_run
            where state = 'running'
              and next_deadline <= @now
            order by run_id
            limit @BatchSize
            for update skip locked
            """,
            new { now, BatchSize }, transaction, cancellationToken: cancellationToken))).AsList();
        if (due.Count == 0)
            return 0;
        var change = new Change(transaction);
        var missed = 0;
        var next = new List<DateTimeOffset?>(due.Count);
        foreach (var row in due)
        {
            var graph = await dags.GraphAsync(row.DagId, row.DagVersion, cancellationToken);
            var deadlines = Deadlines(graph.Dag).Select(d => (d.TaskId, d.Deadline, d.Callbacks, Due: row.StartedAt + d.Deadline)).ToList();
            var passed = deadlines.Where(d => d.Due <= now && (row.LookedAt is null || d.Due >= row.LookedAt)).ToList();
            var unfinished = passed.Count == 0 ? [] : await UnfinishedAsync(transaction, row.RunId, cancellationToken);
            foreach (var late in passed.Where(d => d.TaskId is null || unfinished.Contains(d.TaskId)))
            {
                missed++;
                change.Log(new EventRow("deadline_missed", actor) { DagId = row.DagId, RunId = row.RunId, TaskId = late.TaskId });
                Outbox.DeadlineMissed(change, row.ToRun(), late.Callbacks, late.TaskId, late.Deadline, late.Due);
            }
            next.Add(deadlines.Where(d => d.Due > now).Select(d => (DateTimeOffset?)d.Due).Min());
        }
        change.Send(
            """
            update orchestration.dag_run r
            set next_deadline = coalesce(n.due, 'infinity')
            from unnest(@Ids, @Dues) as n (run_id, due)
            where r.run_id = n.run_id
            """,
            new { Ids = due.Select(d => d.RunId).ToArray(), Dues = next.Select(n => n?.ToUniversalTime()).ToArray() });
        await change.CommitAsync(cancellationToken);
        return missed;
    }

    private static IEnumerable<(string? TaskId, TimeSpan Deadline, IReadOnlyList<Callback> Callbacks)> Deadlines(Dag dag)
    {
        if (dag.Settings.Deadline is { } whole)
            yield return (null, whole, dag.Settings.Callbacks);
        foreach (var task in dag.Tasks)
        {
            if (task.Settings.Deadline is { } own)
                yield return (task.TaskId, own, task.Settings.Callbacks);
        }
    }

    private static async Task<HashSet<string>> UnfinishedAsync(NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<string>(new CommandDefinition(
            """
            select distinct task_id
            from orchestration.task_instance
            where run_id = @runId
              and state <> all(@finished)
            """,
            new { runId, finished = Enum.GetValues<TaskState>().Where(s => s.IsFinished()).Select(s => s.ToWire()).ToArray() },
            transaction, cancellationToken: cancellationToken))];

    private sealed record Row
    {
        public long RunId { get; init; }

        public string DagId { get; init; } = "";

        public int DagVersion { get; init; }

        public string State { get; init; } = "";

        public DateTimeOffset StartedAt { get; init; }

        /// <summary>The deadline this look is for; null at the first look.</summary>
        public DateTimeOffset? LookedAt { get; init; }

        public RunRow ToRun() => new() { RunId = RunId, DagId = DagId, DagVersion = DagVersion, State = State };
    }
}
