using System.Text.Json.Nodes;
using Dapper;
using EcomWorkflows.Orchestration.Planning;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Creates and starts DAG runs.</summary>
public sealed class RunStore(NpgsqlDataSource database, DagStore dags)
{
    private readonly Transitions transitions = new(dags);

    /// <summary>Creates a run of the DAG's current version in state <c>queued</c>, with all its task instances; it starts when the DAG's limits allow.</summary>
    /// <exception cref="NotFoundException">There is no such DAG.</exception>
    /// <exception cref="OrchestrationException">The parameters do not fit what the DAG declares; the message lists every problem.</exception>
    public async Task<RunCreation> CreateAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var dag = await dags.GetAsync(request.DagId, cancellationToken);
        var graph = await dags.GraphAsync(dag.DagId, dag.CurrentVersion, cancellationToken);
        var (parameters, problems) = ParamRules.Resolve(graph.Dag.Params, request.Params);
        if (problems.Count > 0)
            throw new OrchestrationException($"DAG {request.DagId} cannot run with these parameters: {string.Join("; ", problems)}.");
        var runKey = request.RunKey ?? $"{request.RunType}__{request.LogicalDate.UtcDateTime:yyyy-MM-ddTHH:mm:ss.FFFZ}";

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var runId = await InsertRunAsync(transaction, request, dag.CurrentVersion, runKey, parameters, graph, cancellationToken);
        if (runId is null)
        {
            var existing = await ExistingAsync(transaction, request, runKey, cancellationToken);
            return new RunCreation(existing.RunId, existing.RunKey, IsNew: false);
        }
        await InsertInstancesAsync(transaction, runId.Value, graph, cancellationToken);
        await EventLog.WriteAsync(
            transaction, [new EventRow("run_state", request.Actor) { DagId = request.DagId, RunId = runId, After = RunState.Queued.ToWire() }], cancellationToken);
        await StartAsync(transaction, request.DagId, request.Actor, cancellationToken);
        await Notifications.RunsChangedAsync(transaction, [runId.Value], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new RunCreation(runId.Value, runKey, IsNew: true);
    }

    /// <summary>Starts waiting runs, oldest first, as far as their DAGs' <c>max_active_runs</c> allow.</summary>
    /// <returns>How many were started.</returns>
    public async Task<int> StartWaitingAsync(string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var waiting = (await connection.QueryAsync<string>(new CommandDefinition(
            """
            select distinct r.dag_id
            from orchestration.dag_run r
            join orchestration.dag d on d.dag_id = r.dag_id
            where r.state = 'queued'
              and not d.is_paused
            """,
            cancellationToken: cancellationToken))).AsList();
        var started = 0;
        foreach (var dagId in waiting)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            started += await StartAsync(transaction, dagId, actor, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        return started;
    }

    private async Task<int> StartAsync(NpgsqlTransaction transaction, string dagId, string actor, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        // The DAG's row is the lock under which active runs are counted; two starters would otherwise both see a free place.
        var dag = await connection.QuerySingleOrDefaultAsync<(int CurrentVersion, bool IsPaused)?>(new CommandDefinition(
            "select current_version, is_paused from orchestration.dag where dag_id = @dagId for update",
            new { dagId }, transaction, cancellationToken: cancellationToken));
        if (dag is not { IsPaused: false } unpaused)
            return 0;
        var limit = (await dags.GraphAsync(dagId, unpaused.CurrentVersion, cancellationToken)).Dag.Settings.MaxActiveRuns;
        var startable = (await connection.QueryAsync<RunRow>(new CommandDefinition(
            """
            select run_id, dag_id, dag_version, state
            from orchestration.dag_run
            where dag_id = @dagId
              and state = 'queued'
            order by logical_date, run_id
            limit greatest(0, @limit - (select count(*) from orchestration.dag_run where dag_id = @dagId and state = 'running'))
            for update
            """,
            new { dagId, limit }, transaction, cancellationToken: cancellationToken))).AsList();
        foreach (var run in startable)
            await StartAsync(transaction, run, actor, cancellationToken);
        return startable.Count;
    }

    private async Task StartAsync(NpgsqlTransaction transaction, RunRow run, string actor, CancellationToken cancellationToken)
    {
        var graph = await transitions.GraphAsync(run, cancellationToken);
        var connection = transaction.Connection!;
        await connection.ExecuteAsync(new CommandDefinition(
            """
            update orchestration.dag_run
            set state = 'running', started_at = coalesce(started_at, clock_timestamp()), ended_at = null, updated_at = clock_timestamp(),
                deadline = clock_timestamp() + make_interval(secs => @seconds)
            where run_id = @RunId
            """,
            new { run.RunId, seconds = graph.Dag.Settings.RunTimeout?.TotalSeconds }, transaction, cancellationToken: cancellationToken));
        await EventLog.WriteAsync(
            transaction,
            [new EventRow("run_state", actor) { DagId = run.DagId, RunId = run.RunId, Before = run.State, After = RunState.Running.ToWire() }], cancellationToken);
        var undecided = (await connection.QueryAsync<InstanceRow>(new CommandDefinition(
            """
            select task_instance_id, run_id, task_id, state, is_derived, upstream_total, upstream_success, upstream_skipped, upstream_failed,
                   upstream_blocked, upstream_removed
            from orchestration.task_instance
            where run_id = @RunId
              and state = 'none'
            """,
            new { run.RunId }, transaction, cancellationToken: cancellationToken))).AsList();
        var runs = new Dictionary<long, RunRow> { [run.RunId] = run with { State = RunState.Running.ToWire() } };
        await Transitions.QueueAsync(
            transaction, runs,
            [.. undecided.Where(i => TriggerRules.Decide(graph.Task(i.TaskId).Settings.TriggerRule, i.Counts) == TriggerDecision.Run)],
            actor, cancellationToken);
        if (graph.TopologicalOrder.Count == 0)
            await transitions.CloseFinishedRunsAsync(transaction, runs, [run.RunId], actor, cancellationToken);
    }

    private static async Task<long?> InsertRunAsync(
        NpgsqlTransaction transaction, RunRequest request, int version, string runKey, JsonObject parameters, RunGraph graph, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteScalarAsync<long?>(new CommandDefinition(
            """
            insert into orchestration.dag_run
              (dag_id, run_key, dag_version, run_type, logical_date, data_interval_start, data_interval_end, state, params, unfinished, note, created_by)
            values
              (@DagId, @runKey, @version, @RunType, @LogicalDate, @DataIntervalStart, @DataIntervalEnd, 'queued', @parameters::jsonb, @tasks, @Note, @Actor)
            on conflict do nothing
            returning run_id
            """,
            new
            {
                request.DagId, runKey, version, request.RunType, request.LogicalDate, request.DataIntervalStart, request.DataIntervalEnd,
                parameters = parameters.ToJsonString(), tasks = graph.TopologicalOrder.Count, request.Note, request.Actor,
            },
            transaction, cancellationToken: cancellationToken));

    private static async Task<(long RunId, string RunKey)> ExistingAsync(
        NpgsqlTransaction transaction, RunRequest request, string runKey, CancellationToken cancellationToken) =>
        await transaction.Connection!.QueryFirstAsync<(long, string)>(new CommandDefinition(
            """
            select run_id, run_key
            from orchestration.dag_run
            where dag_id = @DagId
              and (run_key = @runKey or (run_type = 'scheduled' and @RunType = 'scheduled' and logical_date = @LogicalDate))
            order by run_id
            limit 1
            """,
            new { request.DagId, runKey, request.RunType, request.LogicalDate }, transaction, cancellationToken: cancellationToken));

    private static Task InsertInstancesAsync(NpgsqlTransaction transaction, long runId, RunGraph graph, CancellationToken cancellationToken)
    {
        var tasks = graph.TopologicalOrder.Select(graph.Task).ToList();
        return transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into orchestration.task_instance (run_id, dag_id, task_id, upstream_total, pool, pool_slots, priority_weight)
            select @runId, @DagId, task_id, upstream_total, pool, pool_slots, priority_weight
            from unnest(@TaskIds, @UpstreamTotals, @Pools, @PoolSlots, @Weights) as task (task_id, upstream_total, pool, pool_slots, priority_weight)
            """,
            new
            {
                runId,
                graph.Dag.DagId,
                TaskIds = tasks.Select(t => t.TaskId).ToArray(),
                UpstreamTotals = tasks.Select(t => graph.Upstream(t.TaskId).Count()).ToArray(),
                Pools = tasks.Select(t => t.Settings.Pool).ToArray(),
                PoolSlots = tasks.Select(t => t.Settings.PoolSlots).ToArray(),
                Weights = tasks.Select(t => PriorityWeights.Of(graph, t.TaskId)).ToArray(),
            },
            transaction, cancellationToken: cancellationToken));
    }
}
