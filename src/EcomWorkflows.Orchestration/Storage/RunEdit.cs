using System.Text.Json;
using Dapper;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>A locked run while somebody changes states of its instances: what follows from the changes, and writing all of it.</summary>
internal sealed class RunEdit
{
    private readonly HashSet<InstanceKey> cleared = [];
    private readonly HashSet<InstanceKey> marked = [];

    private RunEdit(RunRow run, RunGraph graph, Dictionary<InstanceKey, InstanceRow> rows)
    {
        Run = run;
        Graph = graph;
        Rows = rows;
        Facts = rows.Where(r => graph.Contains(r.Key.TaskId)).ToDictionary(r => r.Key, r => r.Value.Facts);
    }

    public RunRow Run { get; }

    public RunGraph Graph { get; }

    public Dictionary<InstanceKey, InstanceRow> Rows { get; }

    /// <summary>What planning knows of the instances, with the changes made so far.</summary>
    public Dictionary<InstanceKey, InstanceFacts> Facts { get; }

    public IEnumerable<InstanceKey> Touched => Rows.Keys.Where(k => cleared.Contains(k) || marked.Contains(k));

    private bool WasFinished => Run.State is "success" or "failed";

    /// <summary>Locks the run and reads its instances.</summary>
    /// <exception cref="NotFoundException">There is no such run.</exception>
    public static async Task<RunEdit> OpenAsync(NpgsqlTransaction transaction, Transitions transitions, long runId, CancellationToken cancellationToken)
    {
        var runs = await Transitions.LockRunsAsync(transaction, [runId], cancellationToken);
        if (!runs.TryGetValue(runId, out var run))
            throw new NotFoundException($"There is no run {runId}.");
        var rows = await transaction.Connection!.QueryAsync<InstanceRow>(new CommandDefinition(
            """
            select task_instance_id, run_id, task_id, map_index, state, is_derived, user_tries, infra_tries, attempt_id, routing::text as routing
            from orchestration.task_instance
            where run_id = @runId
            for update
            """,
            new { runId }, transaction, cancellationToken: cancellationToken));
        // An edit changes what is unfinished, so the number read with the lock does not last.
        return new RunEdit(run with { Unfinished = null }, await transitions.GraphAsync(run, cancellationToken), rows.ToDictionary(r => r.Key));
    }

    public void Clear(IEnumerable<InstanceKey> keys)
    {
        foreach (var key in keys)
        {
            cleared.Add(key);
            Facts[key] = new InstanceFacts(TaskState.None, IsDerived: false);
        }
    }

    public void Mark(IEnumerable<InstanceKey> keys, TaskState state)
    {
        foreach (var key in keys)
        {
            marked.Add(key);
            Facts[key] = new InstanceFacts(state, IsDerived: false);
        }
    }

    public IReadOnlyDictionary<InstanceKey, DerivedInstance> Derive() => Derivation.Recompute(Graph, Facts);

    /// <summary>Tasks whose state follows anew, besides those that were touched.</summary>
    public IReadOnlyList<InstanceKey> Rederived(IReadOnlyDictionary<InstanceKey, DerivedInstance> derived) =>
        [.. derived.Where(d => !cleared.Contains(d.Key) && !marked.Contains(d.Key) && d.Value.State != Rows[d.Key].TaskState).Select(d => d.Key)];

    /// <summary>Writes everything: fences what ran, states and counters of all instances, the run, the events; decides what can go on at once.</summary>
    /// <param name="what"><c>clear</c> or <c>mark</c>, for the event log.</param>
    /// <param name="message">Kept with marked instances.</param>
    public async Task WriteAsync(
        NpgsqlTransaction transaction, Transitions transitions, string what, ClearPreview preview, string? message, string actor, CancellationToken cancellationToken)
    {
        var derived = Derive();
        await Fencing.FenceAsync(transaction, [.. Touched.Select(k => Rows[k])], cancellationToken);
        await InstanceStates.WriteAsync(transaction, Run.RunId, cleared, derived, cancellationToken);
        if (marked.Count > 0)
            await InstanceStates.WriteMarkAsync(transaction, [.. marked.Select(k => Rows[k].TaskInstanceId)], message, cancellationToken);
        await EventLog.WriteAsync(transaction, [new EventRow(what, actor) { DagId = Run.DagId, RunId = Run.RunId, Details = JsonSerializer.Serialize(preview, TaskJson.Options) }, .. Moves(derived, actor)], cancellationToken);
        await WriteRunAsync(transaction, transitions, derived, actor, cancellationToken);
        await Notifications.QueueChangedAsync(transaction, cancellationToken);
        await Notifications.RunsChangedAsync(transaction, [Run.RunId], cancellationToken);
    }

    private IEnumerable<EventRow> Moves(IReadOnlyDictionary<InstanceKey, DerivedInstance> derived, string actor)
    {
        foreach (var (key, now) in derived)
        {
            var row = Rows[key];
            if (row.TaskState == now.State && !cleared.Contains(key) && !marked.Contains(key))
                continue;
            var restarts = cleared.Contains(key) && row.TaskState == TaskState.Running;
            if (restarts)
                yield return Move(row, row.State, TaskState.Restarting.ToWire(), actor);
            yield return Move(row, restarts ? TaskState.Restarting.ToWire() : row.State, now.State.ToWire(), actor);
        }
    }

    private EventRow Move(InstanceRow row, string before, string after, string actor) => new("task_state", actor)
    {
        DagId = Run.DagId, RunId = Run.RunId, TaskInstanceId = row.TaskInstanceId, AttemptId = row.AttemptId, TaskId = row.TaskId, Before = before, After = after,
    };

    /// <summary>
    /// A finished run in which something is to be done goes back to the waiting ones; one in which nothing is gets the state that follows from its instances.
    /// An active run goes on at once.
    /// </summary>
    private async Task WriteRunAsync(
        NpgsqlTransaction transaction, Transitions transitions, IReadOnlyDictionary<InstanceKey, DerivedInstance> derived, string actor, CancellationToken cancellationToken)
    {
        var unfinished = derived.Values.Count(d => !d.State.IsFinished());
        var reopens = WasFinished && unfinished > 0;
        var state = !WasFinished ? Run.State
            : reopens ? RunState.Queued.ToWire()
            : RunStateRule.Decide(Graph, [.. derived.Select(d => (d.Key.TaskId, d.Value.State))]).ToWire();
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update orchestration.dag_run
            set unfinished = @unfinished, generation = generation + 1, state = @state, updated_at = clock_timestamp(),
                clear_number = clear_number + case when @reopens then 1 else 0 end,
                queued_at = case when @reopens then clock_timestamp() else queued_at end,
                started_at = case when @reopens then null else started_at end,
                ended_at = case when @reopens then null else ended_at end,
                message = case when @reopens or state <> @state then null else message end
            where run_id = @RunId
            """,
            new { Run.RunId, unfinished, state, reopens }, transaction, cancellationToken: cancellationToken));
        if (state != Run.State)
        {
            await EventLog.WriteAsync(
                transaction, [new EventRow("run_state", actor) { DagId = Run.DagId, RunId = Run.RunId, Before = Run.State, After = state }], cancellationToken);
        }
        if (Run.State == RunState.Running.ToWire())
            await transitions.DecideAsync(transaction, new Dictionary<long, RunRow> { [Run.RunId] = Run with { Unfinished = unfinished } }, actor, cancellationToken);
    }
}
