using System.Text.Json;
using Dapper;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>What people do to runs: clear (rerun), mark, cancel, annotate. Attempts, their logs and outputs are kept.</summary>
public sealed class RerunStore(NpgsqlDataSource database, DagStore dags, RunStore runs, IEnumerable<IPublishedData> published)
{
    /// <summary>Runs one request may change; more are a mistake more often than not.</summary>
    public const int MaxRuns = 1000;

    private static readonly TaskState[] Markable = [TaskState.Success, TaskState.Failed, TaskState.Skipped];

    private readonly Transitions transitions = new(dags);

    /// <summary>As <see cref="ClearAsync(RerunRequest, bool, string, CancellationToken)"/>, for one run in its own version.</summary>
    public async Task<ClearPreview> ClearAsync(long runId, ClearSelection selection, bool dryRun, string actor, CancellationToken cancellationToken)
    {
        var report = await ClearAsync(new RerunRequest(selection) { RunId = runId }, dryRun, actor, cancellationToken);
        return report.Runs.Count > 0 ? report.Runs[0] : new ClearPreview(runId, [], [], dryRun);
    }

    /// <summary>
    /// Clears the selected instances so that they run again, gives them a new retry budget and derives anew what followed from them. A running one is fenced and
    /// tried again at once. A finished run is opened again.
    /// </summary>
    /// <exception cref="NotFoundException">There is no such run, DAG, task or instance.</exception>
    /// <exception cref="StaleGenerationException">The run is at another generation than the request says.</exception>
    /// <exception cref="OrchestrationException">The request selects too many runs, or does not say which.</exception>
    public async Task<RerunReport> ClearAsync(RerunRequest request, bool dryRun, string actor, CancellationToken cancellationToken) =>
        await ChangeAsync(
            request, dryRun, "clear", null, actor,
            (edit, selected) =>
            {
                edit.Clear(selected);
                return selected;
            },
            cancellationToken);

    /// <summary>Sets the selected instances to success, failed or skipped and derives anew what follows; a running one is fenced.</summary>
    /// <exception cref="NotFoundException">There is no such run, DAG, task or instance.</exception>
    /// <exception cref="StaleGenerationException">The run is at another generation than the request says.</exception>
    /// <exception cref="OrchestrationException">The state is none a person can set; or the request selects too many runs, or does not say which.</exception>
    public async Task<RerunReport> MarkAsync(RerunRequest request, TaskState state, bool dryRun, string actor, CancellationToken cancellationToken)
    {
        if (!Markable.Contains(state))
            throw new OrchestrationException($"An instance cannot be marked {state.ToWire()}; allowed: {string.Join(", ", Markable.Select(s => s.ToWire()))}.");
        if (request.LatestVersion)
            throw new OrchestrationException("Marking keeps each run in its own version; only a clear can bring it to the latest.");
        return await ChangeAsync(
            request, dryRun, "mark", $"marked {state.ToWire()} by {actor}", actor,
            (edit, selected) =>
            {
                var changed = selected.Where(k => edit.Facts[k] is var facts && (facts.State != state || facts.IsDerived)).ToList();
                edit.Mark(changed, state);
                return changed;
            },
            cancellationToken);
    }

    /// <summary>Cancels a run: running attempts are fenced and told to stop, everything unfinished becomes failed with cause <c>cancelled</c>.</summary>
    /// <returns>False when the run had already ended.</returns>
    /// <exception cref="NotFoundException">There is no such run.</exception>
    public Task<bool> CancelAsync(long runId, string actor, CancellationToken cancellationToken) =>
        EndAsync(runId, FailureCause.Cancelled, $"cancelled by {actor}", actor, cancellationToken);

    /// <summary>Writes a note to a run, or to an instance of it; an empty one removes it.</summary>
    /// <exception cref="NotFoundException">There is no such run or instance.</exception>
    public async Task NoteAsync(long runId, InstanceKey? instance, string note, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var dagId = await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            instance is null
                ? "update orchestration.dag_run set note = nullif(@note, ''), updated_at = clock_timestamp() where run_id = @runId returning dag_id"
                : "update orchestration.task_instance set note = nullif(@note, '') where run_id = @runId and task_id = @TaskId and map_index = @MapIndex returning dag_id",
            new { runId, note, instance?.TaskId, instance?.MapIndex }, transaction, cancellationToken: cancellationToken))
            ?? throw new NotFoundException(instance is { } key ? $"Run {runId} has no instance {key.MapIndex} of a task '{key.TaskId}'." : $"There is no run {runId}.");
        var change = new Change(transaction);
        change.Log(new EventRow("note", actor) { DagId = dagId, RunId = runId, TaskId = instance?.TaskId, Details = JsonSerializer.Serialize(new { note, instance?.MapIndex }, TaskJson.Options) });
        change.RunsChanged([runId]);
        await change.CommitAsync(cancellationToken);
    }

    /// <summary>Ends a run and everything unfinished in it for a stated cause.</summary>
    internal async Task<bool> EndAsync(long runId, FailureCause cause, string message, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var edit = await RunEdit.OpenAsync(transaction, transitions, runId, cancellationToken);
        var run = edit.Run;
        var unfinished = edit.Rows.Values.Where(r => !r.TaskState.IsFinished()).ToList();
        if (run.State is not ("queued" or "running"))
            return false;
        await Fencing.FenceAsync(transaction, unfinished, cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            update orchestration.task_instance
            set state = 'failed', cause = @cause, message = @message, not_before = null, event_key = null, ended_at = clock_timestamp()
            where task_instance_id = any(@ids)
            """,
            new { ids = unfinished.Select(u => u.TaskInstanceId).ToArray(), cause = cause.ToWire(), message }, transaction, cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition(
            "update orchestration.dag_run set unfinished = 0, generation = generation + 1, message = @message where run_id = @runId",
            new { runId, message }, transaction, cancellationToken: cancellationToken));
        await RecountAsync(transaction, runId, cancellationToken);
        await EventLog.WriteAsync(
            transaction,
            [.. unfinished.Select(u => new EventRow("task_state", actor)
            {
                DagId = run.DagId, RunId = runId, TaskInstanceId = u.TaskInstanceId, AttemptId = u.AttemptId, TaskId = u.TaskId, Before = u.State,
                After = TaskState.Failed.ToWire(), Details = JsonSerializer.Serialize(new { cause = cause.ToWire(), message }, TaskJson.Options),
            })],
            cancellationToken);
        await transitions.CloseFinishedRunsAsync(transaction, new Dictionary<long, RunRow> { [runId] = run }, [runId], actor, cancellationToken);
        await Notifications.RunsChangedAsync(transaction, [runId], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private async Task<RerunReport> ChangeAsync(
        RerunRequest request, bool dryRun, string what, string? message, string actor,
        Func<RunEdit, IReadOnlyList<InstanceKey>, IReadOnlyList<InstanceKey>> apply, CancellationToken cancellationToken)
    {
        var previews = new List<ClearPreview>();
        IReadOnlyList<PublishedData> data;
        IReadOnlyList<AssetConsumer> consumers;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var selected = await RerunSelection.RunsAsync(transaction, request, cancellationToken);
            foreach (var run in selected)
            {
                if (await ChangeRunAsync(transaction, request, run, dryRun, what, message, actor, apply, cancellationToken) is { } preview)
                    previews.Add(preview);
            }
            var instances = previews.SelectMany(p => p.Instances).Select(i => i.TaskInstanceId).ToArray();
            var tasks = previews.SelectMany(p => p.Cleared).Distinct().ToArray();
            (data, consumers) = what == "clear" && previews.Count > 0
                ? (await PublishedAsync(transaction, instances, cancellationToken), await RerunSelection.ConsumersAsync(transaction, selected[0].DagId, tasks, cancellationToken))
                : ([], []);
            if (!dryRun)
                await transaction.CommitAsync(cancellationToken);
        }
        // After the commit: a starter locks the DAG first and its runs then, the other way round than a change of runs.
        if (!dryRun && previews.Count > 0)
            await runs.StartWaitingAsync(actor, cancellationToken);
        return new RerunReport(dryRun, [.. previews.OrderBy(p => p.LogicalDate).ThenBy(p => p.RunId)], data, consumers);
    }

    /// <returns>Null where nothing of the run is selected.</returns>
    private async Task<ClearPreview?> ChangeRunAsync(
        NpgsqlTransaction transaction, RerunRequest request, SelectedRun run, bool dryRun, string what, string? message, string actor,
        Func<RunEdit, IReadOnlyList<InstanceKey>, IReadOnlyList<InstanceKey>> apply, CancellationToken cancellationToken)
    {
        var edit = await RunEdit.OpenAsync(transaction, transitions, run.RunId, cancellationToken);
        var version = edit.Run.DagVersion;
        (IReadOnlyList<string> Added, IReadOnlyList<string> Dropped) moved = ([], []);
        if (request.LatestVersion && run.CurrentVersion != version)
        {
            version = run.CurrentVersion;
            moved = await RunVersions.MoveAsync(transaction, edit, await dags.GraphAsync(run.DagId, version, cancellationToken), version, actor, cancellationToken);
            edit = await RunEdit.OpenAsync(transaction, transitions, run.RunId, cancellationToken);
        }
        IReadOnlyList<InstanceKey> touched;
        try
        {
            // The run that was named must have what was named; others may be of versions without it.
            var selection = run.RunId == request.RunId ? request.Selection : request.Selection.In(edit.Graph);
            touched = selection is null ? [] : apply(edit, selection.Resolve(edit.Graph, edit.Facts));
        }
        catch (ArgumentException unknown)
        {
            throw new NotFoundException(unknown.Message[..unknown.Message.LastIndexOf(" (Parameter", StringComparison.Ordinal)]);
        }
        if (touched.Count == 0 && moved.Added.Count + moved.Dropped.Count == 0)
            return null;
        var preview = new ClearPreview(run.RunId, [.. touched.Select(k => k.TaskId).Distinct()], [.. edit.Rederived(edit.Derive()).Select(k => k.TaskId).Distinct()], dryRun)
        {
            RunKey = run.RunKey,
            LogicalDate = run.LogicalDate,
            Generation = run.Generation,
            DagVersion = version,
            Instances = [.. touched.Select(k => new ChangedInstance(edit.Rows[k].TaskInstanceId, k.TaskId, k.MapIndex, edit.Rows[k].State))],
            Added = moved.Added,
            Dropped = moved.Dropped,
        };
        if (dryRun)
            return preview;
        await edit.WriteAsync(transaction, transitions, what, preview, message, actor, cancellationToken);
        if (request.Note is { } note)
        {
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                "update orchestration.task_instance set note = nullif(@note, '') where task_instance_id = any(@ids)",
                new { note, ids = preview.Instances.Select(i => i.TaskInstanceId).ToArray() }, transaction, cancellationToken: cancellationToken));
        }
        return preview;
    }

    private async Task<IReadOnlyList<PublishedData>> PublishedAsync(NpgsqlTransaction transaction, long[] instances, CancellationToken cancellationToken)
    {
        var attempts = (await transaction.Connection!.QueryAsync<long>(new CommandDefinition(
            "select attempt_id from orchestration.task_attempt where task_instance_id = any(@instances)", new { instances }, transaction, cancellationToken: cancellationToken))).AsList();
        var data = new List<PublishedData>();
        foreach (var owner in attempts.Count == 0 ? [] : published)
            data.AddRange(await owner.OfAsync(attempts, cancellationToken));
        return data;
    }

    /// <summary>Brings the upstream counters of a whole run in line with its instances' states.</summary>
    private async Task RecountAsync(NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken)
    {
        var edit = await RunEdit.OpenAsync(transaction, transitions, runId, cancellationToken);
        // Nothing is undecided after an end, so recomputing changes counters only.
        var derived = Derivation.Recompute(edit.Graph, edit.Facts.ToDictionary(f => f.Key, f => f.Value with { IsDerived = false }))
            .ToDictionary(d => d.Key, d => d.Value with { IsDerived = edit.Rows[d.Key].IsDerived });
        await InstanceStates.WriteAsync(transaction, runId, [], derived, cancellationToken);
    }
}
