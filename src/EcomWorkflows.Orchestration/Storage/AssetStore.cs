using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Assets and their events: written in the transaction that publishes a DAG, data, or the outcome of an attempt.</summary>
public sealed class AssetStore(NpgsqlDataSource database)
{
    private const string AddMissing =
        """
        insert into orchestration.asset (name)
        select distinct given.name
        from unnest(@Names) as given (name)
        where not exists (select from orchestration.asset a where a.name = given.name)
        order by given.name
        on conflict (name) do nothing
        """;

    private const string Deliver =
        """
        insert into orchestration.asset_delivery (dag_id, asset_event_id, asset)
        select s.dag_id, made.asset_event_id, made.asset
        from made
        join orchestration.dag_asset s on s.asset = made.asset and s.role = 'schedule'
        """;

    /// <summary>Notes which assets a DAG's new version writes, reads and waits for.</summary>
    internal static async Task ApplyAsync(NpgsqlTransaction transaction, Dag dag, CancellationToken cancellationToken)
    {
        var defaults = new JsonObject(dag.Params.Select(p => KeyValuePair.Create(p.Name, p.Default?.DeepClone())));
        var scheduled = dag.Settings.AssetSchedule is { } text ? AssetExpression.Parse(text).Assets : [];
        var roles = scheduled.Select(name => (Asset: (string?)name, Role: "schedule", TaskId: ""))
            .Concat(dag.Tasks.SelectMany(t => t.Settings.Outlets.Select(o => (Asset: AssetName.Resolve(o, defaults), Role: "outlet", t.TaskId))))
            .Concat(dag.Tasks.SelectMany(t => t.Settings.Inlets.Select(i => (Asset: AssetName.Resolve(i, defaults), Role: "inlet", t.TaskId))))
            .Where(r => r.Asset is not null)
            .Distinct().ToList();
        var change = new Change(transaction);
        change.Send("delete from orchestration.dag_asset where dag_id = @DagId", new { dag.DagId });
        if (roles.Count > 0)
        {
            change.Send(AddMissing, new { Names = roles.Select(r => r.Asset!).ToArray() });
            change.Send(
                """
                insert into orchestration.dag_asset (dag_id, asset, role, task_id)
                select @DagId, asset, role, task_id
                from unnest(@Assets, @Roles, @TaskIds) as given (asset, role, task_id)
                """,
                new { dag.DagId, Assets = roles.Select(r => r.Asset!).ToArray(), Roles = roles.Select(r => r.Role).ToArray(), TaskIds = roles.Select(r => r.TaskId).ToArray() });
        }
        // What waited for a run of the former version's expression has no one to wait for it any more.
        change.Send(
            "delete from orchestration.asset_delivery where dag_id = @DagId and not is_used and asset <> all(@Scheduled)", new { dag.DagId, Scheduled = scheduled.ToArray() });
        await change.FlushAsync(cancellationToken);
    }

    /// <summary>Keeps what a running attempt says about an asset, in its publishing transaction.</summary>
    internal static Task ReportAsync(PublishScope scope, string asset, long? rows, JsonObject? extra, CancellationToken cancellationToken) =>
        scope.Connection.ExecuteAsync(new CommandDefinition(
            """
            insert into orchestration.attempt_asset (attempt_id, asset, row_count, extra)
            values (@AttemptId, @asset, @rows, @extra::jsonb)
            on conflict (attempt_id, asset) do update
            set row_count = excluded.row_count, extra = excluded.extra
            """,
            new { scope.Attempt.AttemptId, asset, rows, extra = (extra ?? []).ToJsonString() }, scope.Transaction, cancellationToken: cancellationToken));

    /// <summary>Makes events of what succeeded attempts wrote (all outlets, or those an attempt has reported where it reported any), and delivers them to the DAGs scheduled on those assets.</summary>
    internal static async Task PublishAsync(Change change, IReadOnlyList<(InstanceRow Row, IReadOnlyList<string> Outlets)> writing, string actor, CancellationToken cancellationToken)
    {
        if (writing.Count == 0)
            return;
        var byRun = (await change.QueryAsync<(long RunId, string Params)>(
            "select run_id, params::text from orchestration.dag_run where run_id = any(@ids)",
            new { ids = writing.Select(w => w.Row.RunId).Distinct().ToArray() }, cancellationToken))
            .ToDictionary(r => r.RunId, r => JsonNode.Parse(r.Params)!.AsObject());
        var written = writing
            .SelectMany(w => w.Outlets.Select(o => (AttemptId: w.Row.AttemptId!.Value, Asset: AssetName.Resolve(o, byRun[w.Row.RunId]))))
            .Where(w => w.Asset is not null).Distinct().ToList();
        change.Send(AddMissing, new { Names = written.Select(w => w.Asset!).ToArray() });
        change.Send(
            $"""
            with made as (
              insert into orchestration.asset_event
                (asset, occurred_at, dag_id, run_id, run_key, task_id, map_index, attempt_id, data_interval_start, data_interval_end, row_count, extra, created_by)
              select written.asset, clock_timestamp(), r.dag_id, r.run_id, r.run_key, t.task_id, t.map_index, a.attempt_id, r.data_interval_start, r.data_interval_end,
                     said.row_count, coalesce(said.extra, jsonb_build_object()), @actor
              from unnest(@Attempts, @Assets) as written (attempt_id, asset)
              join orchestration.task_attempt a on a.attempt_id = written.attempt_id
              join orchestration.task_instance t on t.task_instance_id = a.task_instance_id
              join orchestration.dag_run r on r.run_id = a.run_id
              left join orchestration.attempt_asset said on said.attempt_id = a.attempt_id and said.asset = written.asset
              where said.attempt_id is not null
                 or not exists (select from orchestration.attempt_asset other where other.attempt_id = a.attempt_id)
              order by a.attempt_id, written.asset
              on conflict (attempt_id, asset) do nothing
              returning asset_event_id, asset
            )
            {Deliver}
            """,
            new { Attempts = written.Select(w => w.AttemptId).ToArray(), Assets = written.Select(w => w.Asset!).ToArray(), actor });
    }

    /// <summary>Records an event of an asset that something outside has written.</summary>
    /// <exception cref="NotFoundException">No DAG knows an asset of that name.</exception>
    public async Task<long> AddEventAsync(string asset, long? rows, JsonObject? extra, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var eventId = await RecordAsync(transaction, asset, rows, extra, actor, cancellationToken)
            ?? throw new NotFoundException($"There is no asset '{asset}': no DAG writes, reads or waits for it.");
        await transaction.CommitAsync(cancellationToken);
        return eventId;
    }

    /// <summary>As <see cref="AddEventAsync"/>, in the transaction that writes the asset.</summary>
    /// <returns>Null where no DAG knows an asset of that name.</returns>
    public static async Task<long?> RecordAsync(NpgsqlTransaction transaction, string asset, long? rows, JsonObject? extra, string actor, CancellationToken cancellationToken)
    {
        var eventId = await transaction.Connection!.ExecuteScalarAsync<long?>(new CommandDefinition(
            $"""
            with made as (
              insert into orchestration.asset_event (asset, occurred_at, row_count, extra, created_by)
              select name, clock_timestamp(), @rows, @extra::jsonb, @actor
              from orchestration.asset
              where name = @asset
              returning asset_event_id, asset
            ),
            delivered as (
              {Deliver}
            )
            select asset_event_id
            from made
            """,
            new { asset, rows, extra = (extra ?? []).ToJsonString(), actor }, transaction, cancellationToken: cancellationToken));
        if (eventId is not null)
        {
            await EventLog.WriteAsync(
                transaction, [new EventRow("asset_event", actor) { Details = JsonSerializer.Serialize(new { asset, assetEventId = eventId }, TaskJson.Options) }], cancellationToken);
        }

        return eventId;
    }
}
