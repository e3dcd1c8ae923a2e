using EcomWorkflows.Orchestration.Planning;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Ends attempts: outcome, retry or final state, downstreams and run, all in one transaction per batch.</summary>
public sealed class CompletionStore(NpgsqlDataSource database, DagStore dags, TimeProvider time)
{
    private const string EndAttempts =
        """
        with ended as (
          update orchestration.task_attempt a
          set state = o.state, outputs = o.outputs::jsonb, cause = o.cause, message = o.message, exception = o.exception,
              ended_at = case when o.state <> 'waiting' then clock_timestamp() end,
              memo = coalesce(o.memo::jsonb, a.memo), answer = case when o.state <> 'waiting' then a.answer end
          from unnest(@Ids, @Checks, @States, @Outputs, @Causes, @Messages, @Exceptions, @Memos)
            as o (attempt_id, checks, state, outputs, cause, message, exception, memo)
          where a.attempt_id = o.attempt_id
            and a.checks = o.checks
            and a.state = 'running'
          returning a.attempt_id, a.task_instance_id
        )
        select t.task_instance_id, t.run_id, t.task_id, t.state, t.is_derived, t.user_tries, t.infra_tries, t.attempt_id
        from ended
        join orchestration.task_instance t
          on t.task_instance_id = ended.task_instance_id
         and t.attempt_id = ended.attempt_id
        """;

    private readonly Transitions transitions = new(dags);
    private readonly QueueClaim queue = new(dags);

    /// <summary>Applies a batch of outcomes.</summary>
    /// <returns>The attempts that were no longer running (fenced): nothing was changed for them.</returns>
    public async Task<IReadOnlyList<long>> CompleteAsync(IReadOnlyList<AttemptOutcome> outcomes, string actor, CancellationToken cancellationToken) =>
        (await HandOverAsync(outcomes, [], new NodeDemand(Guid.Empty, 0), actor, cancellationToken)).Refused;

    /// <summary>
    /// Applies a batch of outcomes and gives their node the next attempts, those that were queued by it among them. One commit does it all: nobody has to be told
    /// of the queue and look for what this node can start itself. Where other nodes want work too, they are woken instead and all claim.
    /// </summary>
    /// <param name="logs">What attempts have logged and is not written yet: when an attempt has ended, its log is whole.</param>
    /// <param name="demand">What the node can take on once these outcomes are written, their own places included.</param>
    public async Task<HandOver> HandOverAsync(
        IReadOnlyList<AttemptOutcome> outcomes, IReadOnlyList<LogRow> logs, NodeDemand demand, string actor, CancellationToken cancellationToken)
    {
        outcomes = [.. outcomes.Select(o => o.Storable())];
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var change = new Change(transaction);
        change.PlanByIndex();
        if (logs.Count > 0)
            change.Send(LogStore.Insert, LogStore.Parameters(logs));
        var (runs, ended) = await change.QueryAsync<RunRow, InstanceRow>(
            Transitions.LockRuns, EndAttempts, Transitions.LockParameters(outcomes.Select(o => o.RunId)), EndParameters(outcomes), cancellationToken);
        var applied = ended.ToDictionary(r => r.AttemptId!.Value);
        await SettleAsync(
            change, runs.ToDictionary(r => r.RunId), [.. outcomes.Where(o => applied.ContainsKey(o.AttemptId))], applied, actor, cancellationToken);
        var claim = demand.Capacity > 0 ? await queue.TakeOverAsync(change, demand, cancellationToken) : Claim.Nothing;
        if (claim.Started.Count == 0)
            await change.CommitAsync(cancellationToken);
        return new HandOver([.. outcomes.Select(o => o.AttemptId).Where(id => !applied.ContainsKey(id))], claim.Started, claim.IsQueueLeft);
    }

    private static object EndParameters(IReadOnlyList<AttemptOutcome> outcomes) => new
    {
        Ids = outcomes.Select(o => o.AttemptId).ToArray(),
        Checks = outcomes.Select(o => o.Check).ToArray(),
        States = outcomes.Select(o => o.Waits ? "waiting" : o.State.ToWire()).ToArray(),
        Outputs = outcomes.Select(o => o.Outputs).ToArray(),
        Causes = outcomes.Select(o => o.Cause?.ToWire()).ToArray(),
        Messages = outcomes.Select(o => o.Message).ToArray(),
        Exceptions = outcomes.Select(o => o.Exception).ToArray(),
        Memos = outcomes.Select(o => o.Wait?.Memo).ToArray(),
    };

    private async Task SettleAsync(
        Change change, Dictionary<long, RunRow> runs, List<AttemptOutcome> outcomes, Dictionary<long, InstanceRow> rows, string actor, CancellationToken cancellationToken)
    {
        if (outcomes.Count == 0)
            return;
        var now = time.GetUtcNow();
        var settled = new List<SettledInstance>(outcomes.Count);
        var written = new List<(InstanceRow, IReadOnlyList<string>)>();
        foreach (var outcome in outcomes)
        {
            var row = rows[outcome.AttemptId];
            var graph = await transitions.GraphAsync(runs[row.RunId], cancellationToken);
            var settings = graph.Task(row.TaskId).Settings;
            settled.Add(SettledInstance.From(outcome, row, settings, now));
            Outbox.AttemptEnded(change, runs[row.RunId], settings, settled[^1]);
            if (settled[^1].State == TaskState.Success && settings.Outlets.Count > 0)
                written.Add((row, settings.Outlets));
        }
        Write(change, settled);
        QuestionStore.Ask(change, settled);
        change.Log(settled.Select(s => s.ToEvent(runs[s.Row.RunId].DagId, actor)));
        await AssetStore.PublishAsync(change, written, actor, cancellationToken);
        // An immediate retry (a lost worker) goes back to the queue at once; nothing has to wake it.
        Transitions.Queue(
            change, runs, [.. settled.Where(s => s.State == TaskState.UpForRetry && s.NotBefore <= now).Select(s => s.Row with { State = TaskState.UpForRetry.ToWire() })], actor);
        await transitions.PropagateAsync(
            change, runs,
            [.. settled.Where(s => s.State.IsFinished()).Select(s => s.ToFinished())],
            actor, cancellationToken);
        var unfinished = settled.Where(s => !s.State.IsFinished()).Select(s => s.Row.RunId).ToHashSet();
        if (unfinished.Count == 0)
            return;
        change.Send("update orchestration.dag_run set updated_at = clock_timestamp() where run_id = any(@ids)", new { ids = unfinished.ToArray() });
        change.RunsChanged(unfinished);
    }

    private static void Write(Change change, List<SettledInstance> settled) =>
        change.Send(
            """
            update orchestration.task_instance t
            set state = s.state, not_before = s.not_before, event_key = s.event_key, cause = s.cause, message = s.message,
                ended_at = case when s.state not in ('up_for_reschedule', 'awaiting_input', 'deferred') then clock_timestamp() end,
                user_tries = s.user_tries, infra_tries = s.infra_tries, progress = case when s.state = 'success' then 1 else t.progress end,
                routing = s.routing::jsonb
            from unnest(@Ids, @States, @NotBefores, @EventKeys, @Causes, @Messages, @UserTries, @InfraTries, @Routings)
              as s (task_instance_id, state, not_before, event_key, cause, message, user_tries, infra_tries, routing)
            where t.task_instance_id = s.task_instance_id
            """,
            new
            {
                Ids = settled.Select(s => s.Row.TaskInstanceId).ToArray(),
                States = settled.Select(s => s.State.ToWire()).ToArray(),
                NotBefores = settled.Select(s => s.NotBefore?.ToUniversalTime()).ToArray(),
                EventKeys = settled.Select(s => s.Outcome.Wait?.EventKey).ToArray(),
                Causes = settled.Select(s => s.Outcome.Cause?.ToWire()).ToArray(),
                Messages = settled.Select(s => s.Message).ToArray(),
                UserTries = settled.Select(s => s.UserTries).ToArray(),
                InfraTries = settled.Select(s => s.InfraTries).ToArray(),
                Routings = settled.Select(s => s.State == TaskState.Success ? RoutingJson.Write(s.Outcome.Routing) : null).ToArray(),
            });
}
