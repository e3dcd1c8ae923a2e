using System.Text.Json.Nodes;
using Dapper;
using EcomWorkflows.Orchestration.Planning;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Creates and starts DAG runs.</summary>
public sealed class RunStore(NpgsqlDataSource database, DagStore dags)
{
    private const int StartBatch = 100;

    private readonly Transitions transitions = new(dags);

    /// <summary>Creates a run of the DAG's current version in state <c>queued</c>, with all its task instances; it starts when the DAG's limits allow.</summary>
    /// <exception cref="NotFoundException">There is no such DAG.</exception>
    /// <exception cref="OrchestrationException">The parameters do not fit what the DAG declares; the message lists every problem.</exception>
    public async Task<RunCreation> CreateAsync(RunRequest request, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var created = await CreateAsync(transaction, [request], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return created[0];
    }

    /// <summary>
    /// Creates many runs, of one DAG or of many, in the caller's transaction and starts what the DAGs' limits allow; the number of statements does not grow with
    /// the number of runs.
    /// </summary>
    /// <returns>What came of each request, in their order.</returns>
    /// <exception cref="NotFoundException">There is no such DAG.</exception>
    /// <exception cref="OrchestrationException">The parameters do not fit what a DAG declares.</exception>
    internal async Task<IReadOnlyList<RunCreation>> CreateAsync(
        NpgsqlTransaction transaction, IReadOnlyList<RunRequest> requests, CancellationToken cancellationToken)
    {
        var versions = await CurrentVersionsAsync(transaction, requests, cancellationToken);
        var wanted = new List<WantedRun>(requests.Count);
        foreach (var request in requests)
        {
            var graph = await dags.GraphAsync(request.DagId, versions[request.DagId], cancellationToken);
            var (parameters, problems) = ParamRules.Resolve(graph.Dag.Params, request.Params);
            if (problems.Count > 0)
                throw new OrchestrationException($"DAG {request.DagId} cannot run with these parameters: {string.Join("; ", problems)}.");
            wanted.Add(new WantedRun(request, versions[request.DagId], parameters, graph));
        }
        var inserted = await InsertRunsAsync(transaction, wanted, cancellationToken);
        var fresh = wanted.Where(w => inserted.ContainsKey((w.Request.DagId, w.Request.Key))).ToList();
        await InsertInstancesAsync(transaction, [.. fresh.Select(w => (inserted[(w.Request.DagId, w.Request.Key)], w.Graph))], cancellationToken);
        await EventLog.WriteAsync(
            transaction,
            [.. fresh.Select(w => new EventRow("run_state", w.Request.Actor)
            {
                DagId = w.Request.DagId, RunId = inserted[(w.Request.DagId, w.Request.Key)], After = RunState.Queued.ToWire(),
            })],
            cancellationToken);
        foreach (var byActor in fresh.GroupBy(w => w.Request.Actor))
            await StartAsync(transaction, [.. byActor.Select(w => w.Request.DagId).Distinct()], byActor.Key, cancellationToken);
        await Notifications.RunsChangedAsync(transaction, inserted.Values, cancellationToken);
        var created = new List<RunCreation>(requests.Count);
        foreach (var request in requests)
        {
            // Of two requests for one name the first has made it.
            if (inserted.Remove((request.DagId, request.Key), out var runId))
                created.Add(new RunCreation(runId, request.Key, IsNew: true));
            else
                created.Add(await ExistingAsync(transaction, request, cancellationToken));
        }
        return created;
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
        foreach (var dagIds in waiting.Chunk(StartBatch))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            started += await StartAsync(transaction, dagIds, actor, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        return started;
    }

    private async Task<int> StartAsync(NpgsqlTransaction transaction, IReadOnlyCollection<string> dagIds, string actor, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        // The DAGs' rows are the lock under which active runs are counted; two starters would otherwise both see a free place.
        var unpaused = (await connection.QueryAsync<(string DagId, int CurrentVersion, bool IsPaused)>(new CommandDefinition(
            """
            select dag_id, current_version, is_paused
            from orchestration.dag
            where dag_id = any(@dagIds)
            order by dag_id
            for no key update
            """,
            new { dagIds = dagIds.ToArray() }, transaction, cancellationToken: cancellationToken))).Where(d => !d.IsPaused).ToList();
        var limits = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var dag in unpaused)
            limits[dag.DagId] = (await dags.GraphAsync(dag.DagId, dag.CurrentVersion, cancellationToken)).Dag.Settings.MaxActiveRuns;
        // A backfill keeps its own runs within its own limit; they neither wait for the DAG's nor count against it.
        var startable = (await connection.QueryAsync<long>(new CommandDefinition(
            """
            select waiting.run_id
            from unnest(@DagIds, @Limits) as wanted (dag_id, max_active_runs)
            cross join lateral (
              select run_id
              from orchestration.dag_run
              where dag_id = wanted.dag_id
                and state = 'queued'
                and backfill_id is null
              order by logical_date, run_id
              limit greatest(0, wanted.max_active_runs - (
                select count(*)
                from orchestration.dag_run active
                where active.dag_id = wanted.dag_id
                  and active.state = 'running'
                  and active.backfill_id is null))
            ) waiting
            union all
            select run_id
            from orchestration.dag_run
            where dag_id = any(@DagIds)
              and state = 'queued'
              and backfill_id is not null
            """,
            new { DagIds = limits.Keys.ToArray(), Limits = limits.Values.ToArray() }, transaction, cancellationToken: cancellationToken))).AsList();
        if (startable.Count == 0)
            return 0;
        var locked = await Transitions.LockRunsAsync(transaction, startable, cancellationToken);
        return await StartAsync(transaction, [.. locked.Values.Where(r => r.State == RunState.Queued.ToWire())], actor, cancellationToken);
    }

    private async Task<int> StartAsync(NpgsqlTransaction transaction, IReadOnlyList<RunRow> starting, string actor, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        var graphs = new Dictionary<long, RunGraph>();
        foreach (var run in starting)
            graphs[run.RunId] = await transitions.GraphAsync(run, cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            update orchestration.dag_run r
            set state = 'running', started_at = coalesce(r.started_at, clock_timestamp()), ended_at = null, updated_at = clock_timestamp(),
                deadline = clock_timestamp() + make_interval(secs => starting.seconds)
            from unnest(@Ids, @Seconds) as starting (run_id, seconds)
            where r.run_id = starting.run_id
            """,
            new { Ids = graphs.Keys.ToArray(), Seconds = graphs.Values.Select(g => g.Dag.Settings.RunTimeout?.TotalSeconds).ToArray() },
            transaction, cancellationToken: cancellationToken));
        await EventLog.WriteAsync(
            transaction,
            [.. starting.Select(run => new EventRow("run_state", actor) { DagId = run.DagId, RunId = run.RunId, Before = run.State, After = RunState.Running.ToWire() })],
            cancellationToken);
        await transitions.DecideAsync(transaction, starting.ToDictionary(r => r.RunId, r => r with { State = RunState.Running.ToWire() }), actor, cancellationToken);
        return starting.Count;
    }

    private static async Task<Dictionary<string, int>> CurrentVersionsAsync(
        NpgsqlTransaction transaction, IReadOnlyList<RunRequest> requests, CancellationToken cancellationToken)
    {
        var versions = (await transaction.Connection!.QueryAsync<(string DagId, int Version)>(new CommandDefinition(
            "select dag_id, current_version from orchestration.dag where dag_id = any(@ids)",
            new { ids = requests.Select(r => r.DagId).Distinct().ToArray() }, transaction, cancellationToken: cancellationToken)))
            .ToDictionary(d => d.DagId, d => d.Version, StringComparer.Ordinal);
        return requests.FirstOrDefault(r => !versions.ContainsKey(r.DagId)) is { } unknown
            ? throw new NotFoundException($"There is no DAG '{unknown.DagId}'.")
            : versions;
    }

    private static async Task<Dictionary<(string DagId, string RunKey), long>> InsertRunsAsync(
        NpgsqlTransaction transaction, IReadOnlyList<WantedRun> wanted, CancellationToken cancellationToken) =>
        (await transaction.Connection!.QueryAsync<(string DagId, string RunKey, long RunId)>(new CommandDefinition(
            """
            insert into orchestration.dag_run
              (dag_id, run_key, dag_version, run_type, logical_date, data_interval_start, data_interval_end, state, params, unfinished, note, created_by, backfill_id)
            select dag_id, run_key, version, run_type, logical_date, interval_start, interval_end, 'queued', params::jsonb, tasks, note, actor, backfill_id
            from unnest(@DagIds, @Keys, @Versions, @Types, @Dates, @Starts, @Ends, @Params, @Tasks, @Notes, @Actors, @Backfills)
              as run (dag_id, run_key, version, run_type, logical_date, interval_start, interval_end, params, tasks, note, actor, backfill_id)
            on conflict do nothing
            returning dag_id, run_key, run_id
            """,
            new
            {
                DagIds = wanted.Select(w => w.Request.DagId).ToArray(),
                Keys = wanted.Select(w => w.Request.Key).ToArray(),
                Versions = wanted.Select(w => w.Version).ToArray(),
                Types = wanted.Select(w => w.Request.RunType).ToArray(),
                Dates = wanted.Select(w => w.Request.LogicalDate.UtcDateTime).ToArray(),
                Starts = wanted.Select(w => w.Request.DataIntervalStart.UtcDateTime).ToArray(),
                Ends = wanted.Select(w => w.Request.DataIntervalEnd.UtcDateTime).ToArray(),
                Params = wanted.Select(w => w.Params.ToJsonString()).ToArray(),
                Tasks = wanted.Select(w => w.Graph.TopologicalOrder.Count).ToArray(),
                Notes = wanted.Select(w => w.Request.Note).ToArray(),
                Actors = wanted.Select(w => w.Request.Actor).ToArray(),
                Backfills = wanted.Select(w => w.Request.BackfillId).ToArray(),
            },
            transaction, cancellationToken: cancellationToken))).ToDictionary(r => (r.DagId, r.RunKey), r => r.RunId);

    private static async Task<RunCreation> ExistingAsync(NpgsqlTransaction transaction, RunRequest request, CancellationToken cancellationToken)
    {
        var (runId, runKey) = await transaction.Connection!.QueryFirstAsync<(long, string)>(new CommandDefinition(
            """
            select run_id, run_key
            from orchestration.dag_run
            where dag_id = @DagId
              and (run_key = @Key or (run_type in ('scheduled', 'backfill') and @RunType in ('scheduled', 'backfill') and logical_date = @LogicalDate))
            order by run_id
            limit 1
            """,
            new { request.DagId, request.Key, request.RunType, request.LogicalDate }, transaction, cancellationToken: cancellationToken));
        return new RunCreation(runId, runKey, IsNew: false);
    }

    private static Task InsertInstancesAsync(NpgsqlTransaction transaction, IReadOnlyList<(long RunId, RunGraph Graph)> runs, CancellationToken cancellationToken)
    {
        var tasks = runs.SelectMany(r => r.Graph.TopologicalOrder.Select(id => (r.RunId, r.Graph, Task: r.Graph.Task(id)))).ToList();
        var counts = tasks.Select(t => t.Graph.InitialCounts(t.Task.TaskId)).ToList();
        return tasks.Count == 0 ? Task.CompletedTask : transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into orchestration.task_instance (run_id, dag_id, task_id, upstream_total, open_gates, setup_total, pool, pool_slots, priority_weight, depends_on_past)
            select run_id, dag_id, task_id, upstream_total, open_gates, setup_total, pool, pool_slots, priority_weight, depends_on_past
            from unnest(@RunIds, @DagIds, @TaskIds, @UpstreamTotals, @OpenGates, @SetupTotals, @Pools, @PoolSlots, @Weights, @DependsOnPast)
              as task (run_id, dag_id, task_id, upstream_total, open_gates, setup_total, pool, pool_slots, priority_weight, depends_on_past)
            """,
            new
            {
                RunIds = tasks.Select(t => t.RunId).ToArray(),
                DagIds = tasks.Select(t => t.Graph.Dag.DagId).ToArray(),
                TaskIds = tasks.Select(t => t.Task.TaskId).ToArray(),
                UpstreamTotals = counts.Select(c => c.Total).ToArray(),
                OpenGates = counts.Select(c => c.OpenGates).ToArray(),
                SetupTotals = counts.Select(c => c.Setups.Total).ToArray(),
                Pools = tasks.Select(t => t.Task.Settings.Pool).ToArray(),
                PoolSlots = tasks.Select(t => t.Task.Settings.PoolSlots).ToArray(),
                Weights = tasks.Select(t => PriorityWeights.Of(t.Graph, t.Task.TaskId)).ToArray(),
                DependsOnPast = tasks.Select(t => t.Task.Settings.DependsOnPast).ToArray(),
            },
            transaction, cancellationToken: cancellationToken));
    }

    private sealed record WantedRun(RunRequest Request, int Version, JsonObject Params, RunGraph Graph);
}
